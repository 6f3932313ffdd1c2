import { resolvePolicy } from '@presence/core';
import { createSeededRandom, createVirtualClock } from '@presence/core/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Cluster } from 'ioredis';
import {
  connectCluster,
  createSuiteStore,
  flush,
  missingRedis,
  toldClock,
} from '../../../test-fixtures/redis.ts';
import { createEngine } from '../../engine/engine.ts';
import { systemClock } from '../../system-clock.ts';
import { describeStore } from '../../testing/index.ts';

describe.skipIf(missingRedis('redisCluster'))('a cluster of three masters', () => {
  let redis: Cluster;
  beforeAll(() => {
    redis = connectCluster();
  });
  afterAll(() => redis.disconnect());

  describeStore('Redis Cluster', {
    runner: { describe, it },
    // Few, so that each is asked often; on more than one master all the same.
    create: (clock) => createSuiteStore(redis, clock, { partitions: 5 }),
    flush,
    histories: { runs: 100 },
  });

  it('S2: users are judged by the clock of the master that has them, one 90 s ahead of another', async () => {
    const clock = createVirtualClock();
    const prefix = 'skewed';
    const ahead = { ...clock, now: () => clock.now() + 90_000 };
    const right = toldClock(prefix, clock);
    const scriptClock = {
      ...right,
      key: (partition: number) =>
        (partition % 2 === 0 ? right : toldClock(prefix, ahead)).key!(partition),
    };
    const { store, dispose } = await createSuiteStore(redis, clock, { prefix, scriptClock });
    const policy = resolvePolicy();
    const engine = createEngine({
      store,
      clock: systemClock,
      random: createSeededRandom(1),
      policyOf: () => policy,
      onCommit: () => undefined,
      onLeaseLost: async () => undefined,
    });
    const keys = Array.from({ length: 20 }, (_, index) => ({ tenant: `t${index}`, userId: 'ada' }));
    await Promise.all(
      keys.map((key) => engine.execute(key, { type: 'touch', issuedAt: undefined })),
    );
    const readings = await engine.readMany(keys);
    expect(new Set(readings.map(({ at }) => at - clock.now()))).toEqual(new Set([0, 90_000]));
    expect(readings.map(({ record }) => record?.public.status)).toEqual(keys.map(() => 'online'));
    await store.close();
    await dispose?.();
  });
});

import { nodeLease, ownLease } from '@presence/core';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import {
  startRedisSentinel,
  type RedisSentinel,
} from '../../../../../tests/services/redis-sentinel.ts';
import { missingRedis, redisParts } from '../../../test-fixtures/redis.ts';
import { accepted, commit, holding, keyOf, take, writeOf } from '../../testing/suite/writes.ts';
import type { PresenceStore } from '../store.ts';
import { createRedisStore } from './create-store.ts';

const NODE = nodeLease('a', 1);
const OWN = ownLease('s', 1);
const PATIENT = { timeout: 60_000, interval: 200 };

describe.skipIf(missingRedis('redisCluster'))('a master that a sentinel watches', () => {
  let sentinel: RedisSentinel;
  let redis: Redis;
  let store: PresenceStore;

  beforeAll(async () => {
    sentinel = await startRedisSentinel({ withReplica: true });
    redis = new Redis({
      sentinels: [{ host: '127.0.0.1', port: sentinel.port }],
      name: 'presence',
      lazyConnect: true,
    });
    redis.on('error', () => undefined);
    store = createRedisStore(redisParts(redis, { deadlineMs: 1000, probeMs: 500 }));
  }, 60_000);
  afterAll(async () => {
    await store?.close();
    redis?.disconnect();
    await sentinel?.stop();
  });

  it('L4, S2: is killed: calls fail in time, and leases, data and messages go on with its replica', async () => {
    const heard: string[] = [];
    let gaps = 0;
    await store.subscribe(['acme'], {
      change: ({ key }) => void heard.push(key.userId),
      signal: () => undefined,
      gap: () => void (gaps += 1),
    });
    await take(store, NODE, 120_000);
    await accepted(
      store,
      writeOf('ada', { holds: [NODE], solo: NODE }),
      writeOf('bob', holding(OWN, 120_000)),
    );
    await vi.waitFor(() => expect(heard).toEqual(['ada', 'bob']), 10_000);
    const { epoch } = await store.load([keyOf('ada')]);
    const master = new Redis(sentinel.master.port, '127.0.0.1');
    // What the replica has not, nobody could keep.
    expect(await master.wait(1, 20_000)).toBe(1);
    master.disconnect();

    await sentinel.master.stop();
    const started = performance.now();
    await expect(commit(store, writeOf('cleo'))).rejects.toMatchObject({
      code: 'store_unavailable',
    });
    expect(performance.now() - started).toBeLessThan(5000);

    const again = await vi.waitFor(() => store.load([keyOf('ada'), keyOf('bob')]), PATIENT);
    expect(again.items.map(({ record, leases }) => [record?.revision, leases.size])).toEqual([
      [1, 1],
      [1, 1],
    ]);
    expect(again.epoch).toBe(epoch);
    // The replica may still be told to be the master.
    const both = [NODE, OWN].map((id) => ({ id, forMs: 120_000 }));
    await vi.waitFor(async () => {
      expect((await store.renew(both, null)).lost).toEqual([]);
    }, PATIENT);
    heard.length = 0;
    let base = 1;
    await vi.waitFor(async () => {
      await accepted(store, writeOf('ada', { base, holds: [NODE], solo: NODE }));
      base += 1;
      expect(heard).toContain('ada');
    }, PATIENT);
    expect(gaps).toBeGreaterThan(0);
  }, 180_000);
});

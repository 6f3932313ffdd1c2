import { nodeLease, type Key } from '@presence/core';
import { Cluster, Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import {
  startRedisCluster,
  type RedisClusterProcesses,
} from '../../../../../tests/services/redis-cluster.ts';
import type { RedisProcess } from '../../../../../tests/services/redis-server.ts';
import { missingRedis, redisParts } from '../../../test-fixtures/redis.ts';
import { accepted, recordOf, take, writeOf } from '../../testing/suite/writes.ts';
import type { PresenceStore } from '../store.ts';
import { createRedisStore } from './create-store.ts';

const NODE = nodeLease('a', 1);
const TENANTS = Array.from({ length: 12 }, (_, index) => `tenant-${index}`);

/** Waits until a replica has what its master has. */
const isFollowing = async ({ port }: RedisProcess): Promise<void> => {
  const replica = new Redis(port, '127.0.0.1');
  await vi.waitFor(
    async () => expect(await replica.info('replication')).toContain('master_link_status:up'),
    10_000,
  );
  replica.disconnect();
};

/** A master dies and its replica takes over. */
describe.skipIf(missingRedis('redisCluster'))('a cluster whose master is killed', () => {
  let cluster: RedisClusterProcesses;
  let redis: Cluster;
  let store: PresenceStore;

  beforeAll(async () => {
    cluster = await startRedisCluster({ withReplicas: true });
    redis = new Cluster(cluster.masters.map(({ port }) => ({ host: '127.0.0.1', port })));
    redis.on('error', () => undefined);
    store = createRedisStore(redisParts(redis, { deadlineMs: 1000, probeMs: 500 }));
  });
  afterAll(async () => {
    await store.close();
    redis.disconnect();
    await cluster.stop();
  });

  const users = TENANTS.map((tenant): Key => ({ tenant, userId: 'ada' }));
  const revisions = async (): Promise<(number | undefined)[]> =>
    (await store.load(users)).items.map(({ record }) => record?.revision);

  it(
    'L4: fails soon, and goes on where the replicas have taken over',
    { timeout: 60_000 },
    async () => {
      const heard = new Set<string>();
      const gaps = new Set<string>();
      await store.subscribe(TENANTS, {
        change: ({ key }) => heard.add(key.tenant),
        signal: () => undefined,
        gap: (topic) => gaps.add(topic),
      });
      await take(store, NODE, 120_000);
      await accepted(store, ...TENANTS.map((tenant) => writeOf('ada', { tenant, holds: [NODE] })));
      await vi.waitFor(() => expect(heard.size).toBe(TENANTS.length), 5000);
      await Promise.all(cluster.replicas.map(isFollowing));
      await cluster.masters[0]!.stop();
      await vi.waitFor(
        async () => {
          expect(await revisions()).toEqual(TENANTS.map(() => 1));
        },
        { timeout: 30_000, interval: 200 },
      );
      // It goes to every partition: also to those of the dead master that none of the tenants is in.
      await vi.waitFor(
        async () => {
          expect((await store.renew([{ id: NODE, forMs: 60_000 }], null)).lost).toEqual([]);
        },
        { timeout: 15_000, interval: 200 },
      );
      heard.clear();
      // Where the replica took over, messages are lost until the probe has subscribed again.
      const waiting = new Map(TENANTS.map((tenant) => [tenant, 1]));
      await vi.waitFor(
        async () => {
          for (const [tenant, base] of waiting) {
            if (heard.has(tenant)) continue;
            await accepted(
              store,
              writeOf('ada', { tenant, base, record: recordOf('ada', base + 1) }),
            );
            waiting.set(tenant, base + 1);
          }
          expect(heard.size).toBe(TENANTS.length);
        },
        { timeout: 25_000, interval: 300 },
      );
    },
  );
});

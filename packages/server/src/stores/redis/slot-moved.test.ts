import { nodeLease, type Key } from '@presence/core';
import { Cluster, Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import {
  startRedisCluster,
  type RedisClusterProcesses,
} from '../../../../../tests/services/redis-cluster.ts';
import { missingRedis, redisParts } from '../../../test-fixtures/redis.ts';
import { accepted, recordOf, take, writeOf } from '../../testing/suite/writes.ts';
import type { PresenceStore } from '../store.ts';
import { createRedisStore } from './create-store.ts';
import { createPartitions } from './partitions.ts';

const NODE = nodeLease('a', 1);
const PREFIX = 'moved';
const PARTITIONS = 4;
const TENANTS = Array.from({ length: 12 }, (_, index) => `tenant-${index}`);
const USERS: readonly Key[] = TENANTS.map((tenant) => ({ tenant, userId: 'ada' }));

/** What may fail while a slot moves: with a code that says that it may be tried again. */
const isRetryable = (error: unknown): boolean =>
  (error as { code?: string }).code === 'store_unavailable';

describe.skipIf(missingRedis('redisCluster'))('a slot that moves while it is used', () => {
  let cluster: RedisClusterProcesses;
  let nodes: Redis[];
  let redis: Cluster;
  let store: PresenceStore;
  const partitions = createPartitions(PREFIX, PARTITIONS, 1);

  beforeAll(async () => {
    cluster = await startRedisCluster();
    nodes = cluster.masters.map(({ port }) => new Redis(port, '127.0.0.1'));
    redis = new Cluster(cluster.masters.map(({ port }) => ({ host: '127.0.0.1', port })));
    redis.on('error', () => undefined);
    store = createRedisStore(
      redisParts(redis, { prefix: PREFIX, partitions: PARTITIONS, deadlineMs: 1000, probeMs: 500 }),
    );
  });
  afterAll(async () => {
    await store?.close();
    redis?.disconnect();
    for (const node of nodes ?? []) node.disconnect();
    await cluster?.stop();
  });

  /** Where the slot of a partition is, and the commands that take it elsewhere. */
  const moveOf = async (partition: number) => {
    const slot = Number(await nodes[0]!.call('CLUSTER', 'KEYSLOT', partitions.keys(partition)[0]!));
    const index = cluster.masters.findIndex((_, each) => {
      const from = Math.floor((16_384 * each) / 3);
      return slot >= from && slot < Math.floor((16_384 * (each + 1)) / 3);
    });
    const [source, target] = [nodes[index]!, nodes[(index + 1) % 3]!];
    const [sourceId, targetId] = (await Promise.all(
      [source, target].map((node) => node.call('CLUSTER', 'MYID')),
    )) as [string, string];
    const targetPort = cluster.masters[(index + 1) % 3]!.port;
    const keysLeft = (): Promise<string[]> =>
      source.call('CLUSTER', 'GETKEYSINSLOT', slot, 100) as Promise<string[]>;
    return {
      arrived: () => target.call('CLUSTER', 'GETKEYSINSLOT', slot, 100) as Promise<string[]>,
      begin: async () => {
        await target.call('CLUSTER', 'SETSLOT', slot, 'IMPORTING', sourceId);
        await source.call('CLUSTER', 'SETSLOT', slot, 'MIGRATING', targetId);
      },
      keysLeft,
      key: (key: string) => source.call('MIGRATE', '127.0.0.1', targetPort, key, 0, 5000),
      end: async () => {
        for (const node of [
          target,
          source,
          ...nodes.filter((each) => each !== source && each !== target),
        ]) {
          await node.call('CLUSTER', 'SETSLOT', slot, 'NODE', targetId);
        }
      },
    };
  };

  /** Does something again and again; what is refused must be retryable. */
  const repeat = (work: () => Promise<unknown>) => {
    const state = { isOver: false };
    let done = 0;
    const seen: unknown[] = [];
    const running = (async () => {
      while (!state.isOver) {
        try {
          await work();
          done += 1;
        } catch (error) {
          seen.push(error);
        }
        await new Promise((resolve) => setImmediate(resolve));
      }
    })();
    const stop = async (): Promise<void> => {
      state.isOver = true;
      await running;
    };
    return { stop, seen, done: () => done };
  };

  it('S3, S9: loses no acknowledged write, makes none twice, and keeps every lease', async () => {
    const heard = new Map<string, Set<string>>();
    const gaps = new Set<string>();
    await store.subscribe(TENANTS, {
      change: ({ key, record }) => {
        const id = `${key.tenant} ${record?.revision}`;
        heard.set(id, (heard.get(id) ?? new Set()).add(JSON.stringify(record)));
      },
      signal: () => undefined,
      gap: (topic) => void gaps.add(topic),
    });
    await take(store, NODE, 120_000);
    const held = { holds: [NODE], solo: NODE } as const;
    await accepted(store, ...USERS.map(({ tenant }) => writeOf('ada', { tenant, ...held })));
    const { epoch, at } = await store.load(USERS);

    const acknowledged = new Map(TENANTS.map((tenant) => [tenant, 1]));
    const writers = TENANTS.map((tenant) =>
      repeat(async () => {
        const known = acknowledged.get(tenant)!;
        const record = recordOf('ada', known + 1);
        const [result] = (
          await store.commit([writeOf('ada', { tenant, base: known, record, ...held })])
        ).results;
        if (result!.ok) return void acknowledged.set(tenant, known + 1);
        // One that was refused for the time being was made all the same, at most one: the caller was told nothing.
        expect(result).toMatchObject({ reason: 'conflict' });
        const stored = result!.current.record!.revision;
        expect(stored).toBe(known + 1);
        acknowledged.set(tenant, stored);
      }),
    );
    const reader = repeat(async () => {
      const before = new Map(acknowledged);
      for (const { key, record } of (await store.load(USERS)).items) {
        expect(record?.revision).toBeGreaterThanOrEqual(before.get(key.tenant)!);
      }
    });
    const renewer = repeat(async () => {
      expect((await store.renew([{ id: NODE, forMs: 120_000 }], null)).lost).toEqual([]);
    });
    const all = [...writers, reader, renewer];
    const refused = (): number => all.reduce((sum, { seen }) => sum + seen.length, 0);
    const refusedSince = (before: number): Promise<void> =>
      vi.waitFor(() => expect(refused()).toBeGreaterThan(before), {
        timeout: 30_000,
        interval: 50,
      });
    const soFar = (): number[] => all.map(({ done }) => done());
    const goOn = async (from: readonly number[]): Promise<void> => {
      await vi.waitFor(
        () => expect(soFar().every((done, index) => done > from[index]! + 3)).toBe(true),
        {
          timeout: 60_000,
          interval: 50,
        },
      );
    };
    await goOn(all.map(() => 0));
    try {
      for (const partition of [0, 1, 2]) {
        const move = await moveOf(partition);
        const before = refused();
        await move.begin();
        // One after the other, with calls between them: half of the partition is here and half there.
        for (let keys = await move.keysLeft(); keys.length > 0; keys = await move.keysLeft()) {
          for (const key of keys) {
            await move.key(key);
            // A move that takes longer than a call may, once for each.
            if (partition > 0) await refusedSince(before);
          }
        }
        await move.end();
        expect(await move.arrived()).not.toEqual([]);
        await goOn(soFar());
      }
    } finally {
      await Promise.all(all.map(({ stop }) => stop()));
    }
    const failures = all.flatMap(({ seen }) => seen).filter((error) => !isRetryable(error));
    expect(failures).toEqual([]);

    const after = await store.load(USERS);
    expect(after.epoch).toBe(epoch);
    expect(after.at).toBeGreaterThan(at);
    for (const { key, record, leases } of after.items) {
      const known = acknowledged.get(key.tenant)!;
      expect([known, known + 1]).toContain(record?.revision);
      expect(leases.has(NODE)).toBe(true);
    }
    expect([...heard.values()].filter(({ size }) => size > 1)).toEqual([]);

    // Every message came, or its tenant was told that some had not.
    for (const { key, record } of after.items) {
      const revisions = Array.from({ length: record!.revision }, (_, index) => index + 1);
      const isMissing = (revision: number): boolean => !heard.has(`${key.tenant} ${revision}`);
      await vi.waitFor(
        () => expect(gaps.has(key.tenant) || !revisions.some(isMissing)).toBe(true),
        { timeout: 20_000, interval: 100 },
      );
    }

    // Where the slot went messages are lost until the probe has subscribed again, and then told of as a gap.
    const waiting = new Map(after.items.map(({ key, record }) => [key.tenant, record!.revision]));
    heard.clear();
    await vi.waitFor(
      async () => {
        for (const [tenant, base] of waiting) {
          if ([...heard.keys()].some((id) => id.startsWith(`${tenant} `))) continue;
          const record = recordOf('ada', base + 1);
          await accepted(store, writeOf('ada', { tenant, base, record, ...held }));
          waiting.set(tenant, base + 1);
        }
        expect(new Set([...heard.keys()].map((id) => id.split(' ')[0])).size).toBe(TENANTS.length);
      },
      { timeout: 60_000, interval: 300 },
    );
  }, 240_000);
});

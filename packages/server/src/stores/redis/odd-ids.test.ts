import { nodeLease } from '@presence/core';
import type { Cluster, Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import {
  connectCluster,
  connectRedis,
  deletePrefix,
  missingRedis,
  redisParts,
} from '../../../test-fixtures/redis.ts';
import { accepted, keyOf, take, writeOf } from '../../testing/suite/writes.ts';
import type { PresenceStore } from '../store.ts';
import { createRedisStore, type RedisParts } from './create-store.ts';

const NODE = nodeLease('a{}*:\n', 1);

/** What a key, a pattern, a channel or a separator could be made of. */
const ODD = [
  '{',
  '}',
  '{}',
  '}{',
  '{p:0}',
  '*',
  '?',
  '[a-z]',
  ':',
  '|',
  '\\',
  '\n',
  '\r\n',
  '\u0000',
  '\u001d',
  '\u001e',
  '\u001f',
  'a\u001fb',
  ' ',
  "' .. redis.call('FLUSHALL') .. '",
  '%s',
  '\u0080\u00ff',
  '\ud83d\ude00',
  '\ud83d',
  '\uffff',
];

const kinds = [
  ['redis', 'one server', connectRedis],
  ['redisCluster', 'a cluster', connectCluster],
] as const;

describe.each(kinds)(
  'ids of braces, stars, colons, newlines and raw bytes (%s)',
  (service, _name, connect) => {
    describe.skipIf(missingRedis(service))(_name, () => {
      let redis: Redis | Cluster;
      let parts: RedisParts;
      let store: PresenceStore;
      beforeAll(() => {
        redis = connect();
        parts = redisParts(redis, { partitions: redis.isCluster ? 4 : 1 });
        store = createRedisStore(parts);
      });
      afterAll(async () => {
        await store.close();
        await deletePrefix(redis, parts);
        redis.disconnect();
      });

      it('S15: are users of their own, in lists, counts, leases and messages', async () => {
        const keys = ODD.flatMap((tenant) => ODD.map((userId) => ({ tenant, userId })));
        const heard = new Set<string>();
        await store.subscribe(ODD, {
          change: ({ key }) => void heard.add(JSON.stringify([key.tenant, key.userId])),
          signal: () => undefined,
          gap: () => undefined,
        });
        await take(store, NODE, 60_000);
        const held = { holds: [NODE], solo: NODE, scopes: ['t', 'r:{}*\n'] } as const;
        await accepted(
          store,
          ...keys.map(({ tenant, userId }) => writeOf(userId, { tenant, ...held })),
        );
        const { items } = await store.load(keys);
        expect(items.map(({ key, record }) => ({ ...key, userId: record?.userId }))).toEqual(keys);
        expect(items.every(({ leases }) => leases.has(NODE))).toBe(true);
        for (const tenant of ODD) {
          const query = { tenant, status: ['online'], after: '', limit: 100 } as const;
          const found = await store.find({ ...query, scope: 'r:{}*\n' });
          expect(found.items.map(({ key }) => key.userId)).toEqual(ODD.toSorted());
          expect((await store.count({ tenant, scope: 't' })).byStatus.online).toBe(ODD.length);
        }
        await vi.waitFor(() => expect(heard.size).toBe(keys.length), 20_000);
        expect((await store.load([keyOf('ada', 'acme')])).items[0]?.record).toBeNull();
      });
    });
  },
);

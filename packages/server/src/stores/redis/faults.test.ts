import { nodeLease, ownLease } from '@presence/core';
import { createVirtualClock } from '@presence/core/testing';
import { Redis } from 'ioredis';
import { Redis as Redis56 } from 'ioredis56';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  createSuiteStore,
  deletePrefix,
  missingRedis,
  redisParts,
  toldClock,
} from '../../../test-fixtures/redis.ts';
import { startRedis, type RedisProcess } from '../../../../../tests/services/redis-server.ts';
import { startProxy, type Proxy } from '../../../../../tests/faults/proxy/proxy.ts';
import { accepted, commit, holding, keyOf, take, writeOf } from '../../testing/suite/writes.ts';
import type { PresenceStore, StoreChange } from '../store.ts';
import { createRedisStore, type RedisParts } from './create-store.ts';

const NODE = nodeLease('a', 1);
const OWN = ownLease('s', 1);

const listen = async (store: PresenceStore) => {
  const changes: StoreChange[] = [];
  const gaps: string[] = [];
  const signals: unknown[] = [];
  const stop = await store.subscribe(['acme'], {
    change: (change) => changes.push(change),
    signal: ({ message }) => signals.push(message),
    gap: (topic) => gaps.push(topic),
  });
  return { changes, gaps, signals, stop };
};

describe.skipIf(missingRedis('redisCluster'))('a Redis of its own', () => {
  let server: RedisProcess;
  let redis: Redis;
  const stores: PresenceStore[] = [];

  const storeOf = (parts: Partial<RedisParts> = {}): PresenceStore => {
    const store = createRedisStore(redisParts(redis, { prefix: 'p', ...parts }));
    stores.push(store);
    return store;
  };

  beforeEach(async () => {
    server = await startRedis();
    redis = new Redis(server.port, '127.0.0.1');
    redis.on('error', () => undefined);
  });
  afterEach(async () => {
    await Promise.all(stores.splice(0).map((store) => store.close()));
    redis.disconnect();
    await server.stop();
  });

  it('judges by the clock of the server', async () => {
    const store = storeOf();
    const { at } = await store.load([keyOf('ada')]);
    const [seconds] = await redis.time();
    expect(Math.abs(at - Number(seconds) * 1000)).toBeLessThan(2000);
  });

  it('runs on after the server forgot every script', async () => {
    const store = storeOf();
    await accepted(store, writeOf('ada'));
    await redis.script('FLUSH');
    await accepted(store, writeOf('ada', { base: 1 }));
    expect((await store.load([keyOf('ada')])).items[0]?.record?.revision).toBe(2);
  });

  it('L5: begins another epoch when all data is lost, and has subscribers read anew', async () => {
    const store = storeOf();
    await accepted(store, writeOf('ada'));
    const { gaps } = await listen(store);
    const before = (await store.load([keyOf('ada')])).epoch;
    await redis.flushall();
    const after = await store.load([keyOf('ada')]);
    expect(after.items[0]?.record).toBeNull();
    expect(after.epoch).not.toBe(before);
    await vi.waitFor(() => expect(gaps).toEqual(['acme']));
    expect((await store.renew([{ id: NODE, forMs: 1000 }], null)).lost).toEqual([{ id: NODE }]);
    await accepted(store, writeOf('ada'));
  });

  it('L4: tells of a hole as soon as the next message shows it', async () => {
    const store = storeOf();
    const { changes, gaps } = await listen(store);
    await accepted(store, writeOf('ada'));
    await vi.waitFor(() => expect(changes).toHaveLength(1));
    await redis.hincrby('{p:0}:seq', 'acme', 1);
    await accepted(store, writeOf('bob'));
    await vi.waitFor(() => expect(changes).toHaveLength(2));
    expect(gaps).toEqual(['acme']);
  });

  it('L4: finds by probing that the last message was lost', async () => {
    const store = storeOf({ probeMs: 50 });
    const { changes, gaps } = await listen(store);
    await accepted(store, writeOf('ada'));
    await vi.waitFor(() => expect(changes).toHaveLength(1));
    await redis.hincrby('{p:0}:seq', 'acme', 1);
    await vi.waitFor(() => expect(gaps.length).toBeGreaterThan(0), 5000);
    gaps.length = 0;
    await accepted(store, writeOf('bob'));
    await vi.waitFor(() => expect(changes).toHaveLength(2));
    expect(gaps).toEqual([]);
  });

  it('L4: subscribes again when the connection for messages was cut, and has a snapshot taken', async () => {
    const store = storeOf();
    const { changes, gaps } = await listen(store);
    await redis.call('CLIENT', 'KILL', 'TYPE', 'pubsub');
    await vi.waitFor(() => expect(gaps).toEqual(['acme']), 5000);
    await accepted(store, writeOf('ada'));
    await vi.waitFor(() => expect(changes).toHaveLength(1));
    expect(gaps).toHaveLength(1);
  });

  it('drops what others send on its channels', async () => {
    const store = storeOf();
    const { changes, gaps, signals } = await listen(store);
    for (const text of [
      '',
      'hello',
      'c\u001f1',
      'c\u001f1\u001f2\u001f3',
      's\u001f{',
      '{"type":"x"}',
    ]) {
      await redis.publish('{p:0}:c:acme', text);
    }
    await accepted(store, writeOf('ada'));
    await vi.waitFor(() => expect(changes).toHaveLength(1));
    expect([gaps, signals]).toEqual([[], []]);
  });

  it('S12: fails within its deadline while the server stands still, and nothing is applied late', async () => {
    const store = storeOf({ deadlineMs: 300 });
    const { at } = await store.load([keyOf('ada')]);
    await take(store, NODE, 30_000);
    server.child.kill('SIGSTOP');
    const started = performance.now();
    const late = { validUntil: at + 500, ...holding(OWN, 5000) };
    await expect(store.commit([writeOf('ada', late)])).rejects.toThrow(
      'did not answer within 300 ms',
    );
    await expect(store.renew([{ id: OWN, forMs: 1 }], at + 500)).rejects.toThrow('did not answer');
    expect(performance.now() - started).toBeLessThan(1000);
    server.child.kill('SIGCONT');
    await vi.waitFor(async () => {
      expect((await store.load([keyOf('ada')])).items[0]?.record).toBeNull();
    }, 5000);
  });

  it('L4: answers again when the server is back after it was killed', async () => {
    const store = storeOf({ deadlineMs: 300 });
    await accepted(store, writeOf('ada'));
    const { gaps } = await listen(store);
    await server.stop();
    await expect(store.load([keyOf('ada')])).rejects.toMatchObject({ code: 'store_unavailable' });
    server = await startRedis({ port: String(server.port) });
    await vi.waitFor(() => store.load([keyOf('ada')]), 5000);
    await vi.waitFor(() => expect(gaps.length).toBeGreaterThan(0), 5000);
    // What is sent before it listens again is lost, and told of as a gap.
    const { changes } = await listen(store);
    let base = 0;
    await vi.waitFor(async () => {
      await accepted(store, writeOf('ada', { base }));
      base += 1;
      expect(changes.length).toBeGreaterThan(0);
    }, 5000);
  });

  describe.each([
    ['6', Redis],
    ['5.6.0', Redis56],
  ])('behind a link, with ioredis %s', (_version, Given) => {
    // Alike in what is asked of them here, but no type says so of both.
    const Client = Given as typeof Redis;
    let proxy: Proxy;
    let behind: Redis;
    beforeEach(async () => {
      proxy = await startProxy(server.port);
      behind = new Client(proxy.port, '127.0.0.1', { lazyConnect: true });
    });
    afterEach(async () => {
      behind.disconnect();
      await proxy.stop();
    });
    const storeBehind = (parts: Partial<RedisParts>): PresenceStore => {
      const store = createRedisStore(redisParts(behind, { prefix: 'p', ...parts }));
      stores.push(store);
      return store;
    };

    it('L4: opens another connection when nothing is answered on the one that it has, which nobody closed', async () => {
      const store = storeBehind({ deadlineMs: 200 });
      await accepted(store, writeOf('ada'));
      proxy.deafen('all');
      const lost = store.commit([writeOf('bob')]);
      await expect(lost).rejects.toThrow('did not answer within 200 ms');
      await vi.waitFor(() => store.load([keyOf('ada')]), 5000);
      // Its commands were lost with it: nothing is sent twice.
      expect((await store.load([keyOf('bob')])).items[0]?.record).toBeNull();
    });

    it('L4: finds out that the connection for messages is dead though nobody sends any', async () => {
      const { gaps } = await listen(storeBehind({ probeMs: 100, deadlineMs: 200 }));
      proxy.deafen('subscribers');
      await vi.waitFor(() => expect(gaps).toEqual(['acme']), 5000);
    });

    it('L4: who subscribes while the connection for messages is opened anew is subscribed on the new one', async () => {
      const store = storeBehind({ probeMs: 200 });
      const { gaps } = await listen(store);
      proxy.deafen('subscribers');
      const heard: StoreChange[] = [];
      const on = {
        change: (change: StoreChange) => heard.push(change),
        signal: () => {},
        gap: () => {},
      };
      const subscribing = store.subscribe(['other'], on);
      await accepted(store, writeOf('ada'));
      await subscribing;
      expect(gaps).toEqual(['acme']);
      await accepted(store, writeOf('bob', { tenant: 'other' }));
      await vi.waitFor(() => expect(heard).toHaveLength(1));
    });
  });

  it('refuses data that was written for another number of partitions', async () => {
    await storeOf().load([keyOf('ada')]);
    const other = storeOf({ partitions: 4 });
    await expect(other.load([keyOf('ada')])).rejects.toThrow(
      'was written with partitions 1, and this store was made with 4',
    );
  });

  it('says what is wrong when the server is out of memory', async () => {
    const store = storeOf();
    await accepted(store, writeOf('ada'));
    await redis.config('SET', 'maxmemory', '1');
    await expect(commit(store, writeOf('bob'))).rejects.toThrow('out of memory');
    await redis.config('SET', 'maxmemory', '0');
    await accepted(store, writeOf('bob'));
  });

  it('S20: keeps three keys when everybody is gone, and one a day later', async () => {
    const clock = createVirtualClock();
    const { store } = await createSuiteStore(redis, clock);
    stores.push(store);
    await take(store, NODE, 3000);
    const users = Array.from({ length: 50 }, (_, user) => `u${user}`);
    await accepted(
      store,
      ...users.map((id) => writeOf(id, { holds: [NODE], solo: NODE, scopes: ['t', 'r:x'] })),
      ...users.map((id) => writeOf(id, { tenant: `t${id}`, ...holding(ownLease(id, 1), 2000) })),
    );
    await clock.advance(4000);
    while ((await store.due(10, 0.3)).items.length > 0) {
      for (const { key } of (await store.due(10, 0.3)).items) {
        const left = { base: 1, record: null, scopes: [] };
        await store.commit([writeOf(key.userId, { tenant: key.tenant, ...left })]);
      }
    }
    await store.due(10, 0);
    const kept = (await redis.keys('*')).map((key) => key.split(':').at(-1));
    expect(new Set(kept)).toEqual(new Set(['gone', 'meta', 'seq']));
    clock.jump(86_400_001);
    await store.due(10, 0);
    expect((await redis.keys('*')).map((key) => key.split(':').at(-1))).toEqual(['meta']);
  });

  it('S15: two prefixes on one server know nothing of each other', async () => {
    const clock = createVirtualClock();
    const one = redisParts(redis, { prefix: 'one', scriptClock: toldClock('one', clock) });
    const two = storeOf({ prefix: 'two' });
    const first = createRedisStore(one);
    stores.push(first);
    await accepted(first, writeOf('ada'));
    expect((await two.load([keyOf('ada')])).items[0]?.record).toBeNull();
    await deletePrefix(redis, one);
    expect(await redis.keys('{one:*')).toEqual([]);
  });
});

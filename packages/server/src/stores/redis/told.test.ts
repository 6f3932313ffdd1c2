import type { PolicyOptions } from '@presence/core';
import { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { startRedis, type RedisProcess } from '../../../../../tests/services/redis-server.ts';
import { missingRedis, redisParts } from '../../../test-fixtures/redis.ts';
import { createAskedNode } from '../../testing/asked-node.ts';
import type { Logger } from '../../types.ts';
import { createRedisStore } from './create-store.ts';

const secret = 'a secret of thirty-two characters';

/** What an application, its operators and its clients are told of a Redis that is not as it should be. */
describe.skipIf(missingRedis('redisCluster'))('presence on a Redis', () => {
  let server: RedisProcess;
  let redis: Redis;
  const closing: (() => Promise<void>)[] = [];

  beforeAll(async () => {
    server = await startRedis();
    redis = new Redis(server.port, '127.0.0.1');
  });
  afterEach(async () => {
    for (const close of closing.splice(0)) await close();
    await redis.config('SET', 'maxmemory', '0');
    await redis.config('SET', 'maxmemory-policy', 'noeviction');
    await redis.flushall();
  });
  afterAll(async () => {
    redis.disconnect();
    await server.stop();
  });

  const nodeWith = ({
    policy = {},
    prefix = 'p',
  }: { policy?: PolicyOptions; prefix?: string } = {}) => {
    const warned: { readonly seen: object; readonly said: string }[] = [];
    const silent = (): void => undefined;
    const warn = (seen: object, said: string): void => void warned.push({ seen, said });
    const logger: Logger = { debug: silent, info: silent, warn, error: silent };
    const store = createRedisStore(redisParts(redis, { prefix, logger }));
    const node = createAskedNode({ store, policy, logger, security: { secret } });
    closing.push(async () => {
      await node.presence.close();
      await store.close();
    });
    const saying = (words: string) => warned.filter(({ said }) => said.includes(words));
    return { ...node, warned, saying };
  };

  it('without memory: heartbeats are answered with 503, and those who are present stay so', async () => {
    const { beat, ask, warned } = nodeWith();
    expect((await beat()).status).toBe(200);
    expect((await ask('GET /health/ready', { as: null })).status).toBe(200);
    await redis.config('SET', 'maxmemory', '1');
    const started = performance.now();
    const refused = await beat({}, { as: { userId: 'grace' } });
    expect(performance.now() - started).toBeLessThan(5000);
    expect(refused).toMatchObject({ status: 503, json: { error: { code: 'store_unavailable' } } });
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
    expect((await ask('GET /users/ada')).json).toMatchObject({ status: 'online' });
    // The check holds for five seconds.
    await vi.waitFor(
      async () => expect((await ask('GET /health/ready', { as: null })).status).toBe(503),
      { timeout: 15_000, interval: 500 },
    );
    expect(String((warned.at(-1)!.seen as { err: Error }).err)).toContain('out of memory');
    await redis.config('SET', 'maxmemory', '0');
    expect((await beat({}, { as: { userId: 'grace' } })).status).toBe(200);
    expect((await ask('GET /health/ready', { as: null })).status).toBe(200);
  });

  it('a server that may throw leases away is not ready, and the log says why', async () => {
    await redis.config('SET', 'maxmemory', '100mb');
    await redis.config('SET', 'maxmemory-policy', 'allkeys-lru');
    const { ask, saying } = nodeWith();
    const { status, json } = await ask('GET /health/ready', { as: null });
    expect(status).toBe(503);
    expect(JSON.stringify(json)).not.toContain('allkeys');
    expect(String((saying('store is not ready')[0]!.seen as { err: Error }).err)).toContain(
      'Set maxmemory-policy noeviction',
    );
  });

  it('two applications with one prefix and different policies are warned', async () => {
    const one = nodeWith({ policy: { leaseMs: 120_000 } });
    await vi.waitFor(
      async () => expect(await redis.hget('{p:0}:meta', 'policy')).toBeTruthy(),
      10_000,
    );
    const same = nodeWith({ policy: { leaseMs: 120_000 } });
    const elsewhere = nodeWith({ policy: { leaseMs: 100_000 }, prefix: 'q' });
    // Answered on the connection that was asked for the policy first: they have compared theirs by then.
    for (const { ask } of [same, elsewhere]) await ask('GET /health/ready', { as: null });
    const other = nodeWith({ policy: { leaseMs: 100_000 } });
    await vi.waitFor(() => expect(other.saying('another policy')).toHaveLength(1), 10_000);
    expect(other.saying('another policy')[0]?.seen).toEqual({
      settings: ['leaseMs: 100000 here, 120000 there'],
    });
    for (const node of [one, same, elsewhere]) expect(node.saying('another policy')).toEqual([]);
  });

  it('S5: foreign messages on its channels are dropped and counted, and harm nobody', async () => {
    const { presence, saying } = nodeWith();
    const seen: string[] = [];
    const stop = await presence.watch(['ada'], ({ status }) => void seen.push(status));
    const record = (content: string, number = '1'): string =>
      ['c', number, '1', 'ada', '', '', '[]', content].join('\u001f');
    const foreign = [
      '',
      'hello',
      '{"type":"x"}',
      's\u001f{',
      record('{}'),
      record('5'),
      record('null'),
      record('[]'),
      record('{"revision":1,"sessions":[],"claims":[],"public":5}'),
      record('{"revision":1,"sessions":[],"claims":[],"public":{"status":"busy"}}', 'x'),
      ['c', '1', '1', 'ada', '', '', '{}', ''].join('\u001f'),
      '\u001f'.repeat(5000),
    ];
    for (const text of foreign) await redis.publish('{p:0}:c:default', text);
    for (let sent = foreign.length; sent < 1001; sent += 1) {
      await redis.publish('{p:0}:c:default', 'again');
    }
    await presence.signIn('ada');
    await vi.waitFor(() => expect(seen).toEqual(['offline', 'online']), 10_000);
    expect(saying('Somebody else sends').map(({ seen: told }) => told)).toEqual([
      { channel: '{p:0}:c:default', dropped: 1 },
      { channel: '{p:0}:c:default', dropped: 1001 },
    ]);
    stop();
  });
});

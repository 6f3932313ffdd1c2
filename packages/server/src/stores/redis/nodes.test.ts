import { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { startRedis, type RedisProcess } from '../../../../../tests/services/redis-server.ts';
import { missingRedis } from '../../../test-fixtures/redis.ts';
import { createPresence } from '../../presence.ts';
import type { PresenceStore } from '../store.ts';
import type { Presence } from '../../types.ts';
import { redisStore } from './redis-store.ts';

const secret = 'a secret for tests that is long enough';

/** Whole nodes over one Redis, on real time. */
describe.skipIf(missingRedis('redisCluster'))('nodes on one Redis', () => {
  let server: RedisProcess;
  let redis: Redis;
  const running: { readonly presence: Presence; readonly store: PresenceStore }[] = [];

  const start = (): Presence => {
    const store = redisStore({ redis });
    const presence = createPresence({ authenticate: () => null, store, security: { secret } });
    running.push({ presence, store });
    return presence;
  };

  beforeAll(async () => {
    server = await startRedis();
    redis = new Redis(server.port, '127.0.0.1');
    redis.on('error', () => undefined);
  });
  afterEach(async () => {
    for (const { presence, store } of running.splice(0)) {
      await presence.close();
      await store.close();
    }
    await redis.flushall();
  });
  afterAll(async () => {
    redis.disconnect();
    await server.stop();
  });

  it('L3: what one is told, the others read at once and their watchers hear', async () => {
    const [one, two] = [start(), start()];
    const heard: string[] = [];
    await two.watch(['ada'], ({ status }) => heard.push(status));
    await one.signIn('ada');
    expect((await two.get('ada')).status).toBe('online');
    await one.claim('ada', 'busy', { message: 'Writing' });
    await vi.waitFor(() => expect(heard).toEqual(['offline', 'online', 'busy']));
    expect(await two.count()).toMatchObject({ count: 1, byStatus: { busy: 1 } });
  });

  it('L5: watchers hear that somebody is gone whom only the lost data knew', async () => {
    const [one, two] = [start(), start()];
    const heard: string[] = [];
    await two.watch(['ada'], ({ status }) => heard.push(status));
    await one.signIn('ada');
    await vi.waitFor(() => expect(heard).toEqual(['offline', 'online']));
    await redis.flushall();
    await vi.waitFor(() => expect(heard.at(-1)).toBe('offline'), 5000);
  });

  it('S12: a claim of two nodes at once for one user loses neither', async () => {
    const [one, two] = [start(), start()];
    await one.signIn('ada');
    const sources = Array.from({ length: 8 }, (_, index) => `source-${index}`);
    await Promise.all(
      sources.map((source, index) =>
        (index % 2 === 0 ? one : two).claim('ada', 'busy', { source }),
      ),
    );
    const { claims } = await one.explain('ada');
    expect(claims).toHaveLength(8);
  });
});

import type { VirtualClock } from '@presence/core/testing';
import { createSeededRandom } from '@presence/core/testing';
import { Cluster, Redis } from 'ioredis';
import { inject } from 'vitest';
import type { RedisClient } from '../src/stores/redis/client.ts';
import { createRedisStore, type RedisParts } from '../src/stores/redis/create-store.ts';
import { createPartitions } from '../src/stores/redis/partitions.ts';
import { SCRIPTS } from '../src/stores/redis/scripts.generated.ts';
import { serverClock, type ScriptClock } from '../src/stores/redis/scripts.ts';
import { systemClock } from '../src/system-clock.ts';
import { systemRandom } from '../src/system-random.ts';
import type { StoreUnderTest } from '../src/testing/index.ts';

/** Why the tests cannot run here, for `describe.skipIf`; undefined where they can. */
export const missingRedis = (service: 'redis' | 'redisCluster'): string | undefined => {
  const found = inject(service);
  return 'missing' in found ? found.missing : undefined;
};

const found = <Service>(service: { service: Service } | { missing: string }): Service => {
  if ('missing' in service) throw new Error(service.missing);
  return service.service;
};

/** @param Client of which release of ioredis; default the newest */
export const connectRedis = (Client: unknown = Redis): Redis =>
  new (Client as typeof Redis)(found(inject('redis')));

export const connectCluster = (Client: unknown = Cluster): Cluster =>
  new (Client as typeof Cluster)(
    found(inject('redisCluster')).map((port) => ({ host: '127.0.0.1', port })),
  );

const silent = (): void => undefined;

/** A store on the real server's clock, with what a test changes of it. */
export const redisParts = (redis: RedisClient, parts: Partial<RedisParts> = {}): RedisParts => ({
  redis,
  prefix: `test-${systemRandom.id()}`,
  partitions: redis.isCluster ? 16 : 1,
  shardsPerTenant: 1,
  deadlineMs: 5000,
  probeMs: 5000,
  logger: { debug: silent, info: silent, warn: silent, error: silent },
  clock: systemClock,
  random: createSeededRandom(1),
  scriptClock: serverClock,
  scriptTexts: SCRIPTS,
  ...parts,
});

/** Scripts that are told the time in the name of a key. No other store's scripts can be. */
export const toldClock = (prefix: string, clock: VirtualClock): ScriptClock => ({
  lua: "local now = tonumber(string.match(KEYS[#KEYS], '%d+$'))",
  key: (partition) => `{${prefix}:${partition}}:now:${clock.now()}`,
});

/** Everything under a prefix. */
export const deletePrefix = async (
  redis: Redis | Cluster,
  { prefix, partitions, shardsPerTenant }: RedisParts,
): Promise<void> => {
  const all = createPartitions(prefix, partitions, shardsPerTenant);
  for (let partition = 0; partition < partitions; partition += 1) {
    await redis.unlink(...all.keys(partition));
  }
};

/** A store for the conformance suite: on virtual time, under a prefix of its own. */
export const createSuiteStore = async (
  redis: Redis | Cluster,
  clock: VirtualClock,
  given: Partial<RedisParts> = {},
): Promise<StoreUnderTest> => {
  const prefix = `suite-${systemRandom.id()}`;
  const parts = redisParts(redis, { prefix, scriptClock: toldClock(prefix, clock), ...given });
  return {
    store: createRedisStore(parts),
    dispose: () => deletePrefix(redis, parts),
  };
};

/** Lets what is under way arrive: a turn of the event loop, and a little more. */
export const flush = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 2));

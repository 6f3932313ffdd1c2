import type { Logger, PresenceStore } from '@presence/server';
import { redisStore } from '@presence/server/redis';
import { Cluster, Redis } from 'ioredis';
import { createRedisStore } from '../../../packages/server/src/stores/redis/create-store.ts';
import { SCRIPTS } from '../../../packages/server/src/stores/redis/scripts.generated.ts';
import { serverClock } from '../../../packages/server/src/stores/redis/scripts.ts';
import { systemClock } from '../../../packages/server/src/system-clock.ts';
import { systemRandom } from '../../../packages/server/src/system-random.ts';
import { clockKey, PREFIX, SHARDS, type NodeSettings } from './settings.ts';

const HOST = '127.0.0.1';

const clientOf = ({ redisPorts, isCluster }: NodeSettings): Redis | Cluster => {
  const redis = isCluster
    ? new Cluster(
        redisPorts.map((port) => ({ host: HOST, port })),
        { lazyConnect: true },
      )
    : new Redis(redisPorts[0]!, HOST, { lazyConnect: true });
  redis.on('error', () => undefined);
  return redis;
};

/** The server's clock cannot be set from outside: its allocator and libfaketime wait for each other. */
const settableClock = Object.freeze({
  lua: `${serverClock.lua}now = now + tonumber(redis.call('GET', KEYS[#KEYS]) or 0)\n`,
  key: clockKey,
});

/** The store of an application, or the same with a clock that can be set. */
export const storeOf = (settings: NodeSettings, logger: Logger): PresenceStore => {
  const redis = clientOf(settings);
  if (!settings.isClockSettable) {
    return redisStore({
      redis,
      prefix: PREFIX,
      logger,
      ...(settings.isCluster && { shardsPerTenant: SHARDS }),
    });
  }
  return createRedisStore({
    redis,
    prefix: PREFIX,
    partitions: 1,
    shardsPerTenant: 1,
    deadlineMs: 1000,
    probeMs: 5000,
    logger,
    clock: systemClock,
    random: systemRandom,
    scriptClock: settableClock,
    scriptTexts: SCRIPTS,
  });
};

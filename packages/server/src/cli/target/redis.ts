import { Cluster, Redis } from 'ioredis';
import { redisStore } from '../../stores/redis/redis-store.ts';
import type { RedisStore } from '../../stores/redis/create-store.ts';
import type { Call } from '../call.ts';
import { wholeNumber } from '../options.ts';

const login = ({ username, password, protocol }: URL) => ({
  ...(username !== '' && { username: decodeURIComponent(username) }),
  ...(password !== '' && { password: decodeURIComponent(password) }),
  ...(protocol === 'rediss:' && { tls: {} }),
});

/** The store opens connections of its own; the client only says where to. */
const clientOf = (url: string, isCluster: boolean): Redis | Cluster => {
  if (!isCluster) return new Redis(url, { lazyConnect: true });
  const parsed = new URL(url);
  const port = Number(parsed.port || 6379);
  return new Cluster([{ host: parsed.hostname, port }], {
    lazyConnect: true,
    redisOptions: login(parsed),
  });
};

const layoutOf = ({ options }: Call) => {
  const partitions = wholeNumber('partitions', options.partitions);
  const shardsPerTenant = wholeNumber('shards-per-tenant', options['shards-per-tenant']);
  return {
    ...(partitions !== undefined && { partitions }),
    ...(shardsPerTenant !== undefined && { shardsPerTenant }),
  };
};

/** @throws PresenceError `invalid_options` for a layout that cannot be */
export const openRedis = (call: Call, deadlineMs: number): RedisStore => {
  const { address, options, place } = call;
  const { prefix } = place;
  return redisStore({
    redis: clientOf(address.url, options.cluster === true),
    ...(prefix !== undefined && { prefix }),
    ...layoutOf(call),
    deadlineMs,
  });
};

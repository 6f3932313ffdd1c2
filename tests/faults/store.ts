import { Redis } from 'ioredis';
import { startRedisCluster, type RedisClusterProcesses } from '../services/redis-cluster.ts';
import { clockKey } from './node/settings.ts';
import { startPrivateRedis, type PrivateRedis } from './processes/redis.ts';

/** What the nodes keep everything in. */
export interface StoreProcesses {
  readonly ports: readonly number[];
  readonly isCluster: boolean;
  /** The one Redis. */
  readonly redis: PrivateRedis;
  readonly cluster: RedisClusterProcesses;
  /** Moves the clock that the store's scripts read, of nodes that were started for it. */
  moveClock(stepMs: number): Promise<void>;
  stop(): Promise<void>;
}

const startSingle = async (): Promise<StoreProcesses> => {
  const redis = await startPrivateRedis();
  return {
    ports: [redis.port],
    isCluster: false,
    redis,
    get cluster(): never {
      throw new Error('[presence/tests] This scenario has no cluster: say that it needs one.');
    },
    moveClock: async (stepMs) => {
      const client = new Redis(redis.port, '127.0.0.1');
      await client.set(clockKey(0), String(stepMs));
      client.disconnect();
    },
    stop: redis.stop,
  };
};

const startCluster = async (): Promise<StoreProcesses> => {
  const cluster = await startRedisCluster({ withReplicas: true });
  return {
    ports: cluster.masters.map(({ port }) => port),
    isCluster: true,
    cluster,
    get redis(): never {
      throw new Error('[presence/tests] This scenario has a cluster.');
    },
    moveClock: () => Promise.reject(new Error('[presence/tests] A cluster has many clocks.')),
    stop: cluster.stop,
  };
};

export const startStore = (isCluster: boolean): Promise<StoreProcesses> =>
  isCluster ? startCluster() : startSingle();

import { Cluster as Cluster5, Redis as Redis5 } from 'ioredis5';
import { Cluster as Cluster56, Redis as Redis56 } from 'ioredis56';
import type { Cluster, Redis } from 'ioredis';
import { afterAll, beforeAll, describe, it } from 'vitest';
import {
  connectCluster,
  connectRedis,
  createSuiteStore,
  flush,
  missingRedis,
} from '../../../test-fixtures/redis.ts';
import { describeStore } from '../../testing/index.ts';

/** The suite with fewer histories: what is under test is the client. */
const contract = (name: string, connect: () => Redis | Cluster): void => {
  let redis: Redis | Cluster;
  beforeAll(() => {
    redis = connect();
  });
  afterAll(() => redis.disconnect());
  describeStore(name, {
    runner: { describe, it },
    create: (clock) => createSuiteStore(redis, clock, redis.isCluster ? { partitions: 4 } : {}),
    flush,
    histories: { runs: 25, steps: 15 },
  });
};

const clients = [
  ['ioredis 5.6.0', Redis56, Cluster56],
  ['the newest ioredis 5', Redis5, Cluster5],
] as const;

describe.each(clients)('%s', (name, Redis, Cluster) => {
  describe.skipIf(missingRedis('redis'))('one Redis', () => {
    contract(`Redis with ${name}`, () => connectRedis(Redis));
  });
  describe.skipIf(missingRedis('redisCluster'))('a cluster', () => {
    contract(`Redis Cluster with ${name}`, () => connectCluster(Cluster));
  });
});

import { afterAll, beforeAll, describe, it } from 'vitest';
import type { Cluster } from 'ioredis';
import {
  connectCluster,
  createSuiteStore,
  flush,
  missingRedis,
} from '../../../test-fixtures/redis.ts';
import { describeStore } from '../../testing/index.ts';

describe.skipIf(missingRedis('redisCluster'))('a cluster of three masters', () => {
  let redis: Cluster;
  beforeAll(() => {
    redis = connectCluster();
  });
  afterAll(() => redis.disconnect());

  describeStore('Redis Cluster', {
    runner: { describe, it },
    // Few, so that each is asked often; on more than one master all the same.
    create: (clock) => createSuiteStore(redis, clock, { partitions: 5 }),
    flush,
    histories: { runs: 100 },
  });
});

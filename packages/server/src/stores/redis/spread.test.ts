import { afterAll, beforeAll, describe, it } from 'vitest';
import type { Redis } from 'ioredis';
import {
  connectRedis,
  createSuiteStore,
  flush,
  missingRedis,
} from '../../../test-fixtures/redis.ts';
import { describeStore } from '../../testing/index.ts';

const ORDERED = 'each commit is told once, with all that it made true, and numbered without holes';

describe.skipIf(missingRedis('redis'))('tenants spread over several partitions', () => {
  let redis: Redis;
  beforeAll(() => {
    redis = connectRedis();
  });
  afterAll(() => redis.disconnect());

  describeStore('Redis with three shards for each tenant', {
    runner: { describe, it },
    create: (clock) => createSuiteStore(redis, clock, { partitions: 4, shardsPerTenant: 3 }),
    flush,
    skip: { [ORDERED]: 'messages of one batch about users of different shards come in any order' },
    histories: { runs: 100 },
  });
});

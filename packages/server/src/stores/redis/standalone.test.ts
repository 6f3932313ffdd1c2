import { afterAll, beforeAll, describe, it } from 'vitest';
import type { Redis } from 'ioredis';
import {
  connectRedis,
  createSuiteStore,
  flush,
  missingRedis,
} from '../../../test-fixtures/redis.ts';
import { describeStore } from '../../testing/index.ts';

describe.skipIf(missingRedis('redis'))('one Redis', () => {
  let redis: Redis;
  beforeAll(() => {
    redis = connectRedis();
  });
  afterAll(() => redis.disconnect());

  describeStore('Redis', {
    runner: { describe, it },
    create: (clock) => createSuiteStore(redis, clock),
    flush,
  });
});

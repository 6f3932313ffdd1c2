export { redisStore } from './redis-store.ts';
export type { RedisStoreOptions } from './redis-store.ts';
export type { RedisClient } from './client.ts';
export type { RedisStore } from './create-store.ts';

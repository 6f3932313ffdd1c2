// Global setup of the redis project. Test files ask with `inject('redis')` and `inject('redisCluster')`.
import type { TestProject } from 'vitest/node';
import { serviceOrReason } from './missing-service.ts';
import { startRedisCluster } from './redis-cluster.ts';
import { ensureRedis, type RedisProcess } from './redis-server.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** The address of a Redis 7, or why there is none. */
    redis: { service: string } | { missing: string };
    /** Ports of a cluster's masters on 127.0.0.1, or why there is none. */
    redisCluster: { service: readonly number[] } | { missing: string };
  }
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const started: { stop(): Promise<void> }[] = [];
  const own: RedisProcess[] = [];
  project.provide('redis', await serviceOrReason(() => ensureRedis(own)));
  started.push(...own);
  const cluster = await serviceOrReason(async () => {
    const own = await startRedisCluster();
    started.push(own);
    return own.masters.map(({ port }) => port);
  });
  project.provide('redisCluster', cluster);
  // Called when the workers are gone.
  return async () => {
    await Promise.all(started.map((service) => service.stop()));
  };
}

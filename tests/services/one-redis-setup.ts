// Global setup of projects that need one Redis and no cluster. Test files ask with `inject('oneRedis')`.
import type { TestProject } from 'vitest/node';
import { serviceOrReason } from './missing-service.ts';
import { ensureRedis, type RedisProcess } from './redis-server.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** The address of a Redis 7, or why there is none. */
    oneRedis: { service: string } | { missing: string };
  }
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const started: RedisProcess[] = [];
  project.provide('oneRedis', await serviceOrReason(() => ensureRedis(started)));
  return async () => {
    await Promise.all(started.map((server) => server.stop()));
  };
}

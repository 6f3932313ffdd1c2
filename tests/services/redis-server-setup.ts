// Global setup of the faults project, whose tests start servers of their own. They ask with `inject('redisServer')`.
import type { TestProject } from 'vitest/node';
import { serviceOrReason } from './missing-service.ts';
import { redisProgram } from './redis-server.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** The executable file of Redis 7, or why there is none. */
    redisServer: { service: string } | { missing: string };
  }
}

export default async function setup(project: TestProject): Promise<void> {
  project.provide('redisServer', await serviceOrReason(redisProgram));
}

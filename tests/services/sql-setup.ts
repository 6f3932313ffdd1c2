// Global setup of the sql project. Test files ask with `inject('postgres')` and `inject('mariadb')`.
import type { TestProject } from 'vitest/node';
import { ensureMariadb } from './mariadb.ts';
import { serviceOrReason } from './missing-service.ts';
import { ensurePostgres } from './postgres.ts';
import type { DatabaseProcess } from './database-process.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** The address of a Postgres, or why there is none. */
    postgres: { service: string } | { missing: string };
    /** The address of a MariaDB or MySQL, or why there is none. */
    mariadb: { service: string } | { missing: string };
  }
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const started: DatabaseProcess[] = [];
  project.provide('postgres', await serviceOrReason(() => ensurePostgres(started)));
  project.provide('mariadb', await serviceOrReason(() => ensureMariadb(started)));
  // Called when the workers are gone.
  return async () => {
    await Promise.all(started.map((server) => server.stop()));
  };
}

import { sql } from 'kysely';
import { afterAll, beforeAll, describe, it } from 'vitest';
import {
  missingSql,
  prepare,
  sqlParts,
  type DatabaseName,
  type Prepared,
} from '../../../../test-fixtures/sql.ts';
import { describeHistory } from '../../../testing/history/describe-history.ts';
import { createReady } from '../ready.ts';
import { createSqlHistory } from './sql-history.ts';

const DATABASES: readonly (readonly [DatabaseName, number])[] = [
  ['node:sqlite', 50],
  ['better-sqlite3', 10],
  ['pglite', 5],
  ['postgres', 5],
  ['mariadb', 5],
];

describe.each(DATABASES)('%s', (name, runs) => {
  describe.skipIf(missingSql(name))('as a history', () => {
    let prepared: Prepared;
    beforeAll(async () => {
      prepared = await prepare(name);
    });
    afterAll(() => prepared.dispose());

    describeHistory(name, {
      runner: { describe, it },
      create: async () => {
        const parts = sqlParts(prepared);
        for (const table of [parts.tables.step, parts.tables.erasure]) {
          await sql`delete from ${table.name}`.execute(prepared.db);
        }
        return createSqlHistory(parts, createReady(parts));
      },
      runs,
    });
  });
});

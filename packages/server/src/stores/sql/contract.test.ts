import { afterAll, beforeAll, describe, it } from 'vitest';
import {
  createSuiteStore,
  flush,
  missingSql,
  prepare,
  type DatabaseName,
  type Prepared,
} from '../../../test-fixtures/sql.ts';
import { describeStore } from '../../testing/index.ts';

/** Random histories: fewer where each step costs many round trips. */
const DATABASES: readonly (readonly [DatabaseName, number])[] = [
  ['node:sqlite', 200],
  ['better-sqlite3', 50],
  ['pglite', 25],
  ['postgres', 50],
  ['mariadb', 25],
];

describe.each(DATABASES)('%s', (name, runs) => {
  describe.skipIf(missingSql(name))('as a store', () => {
    let prepared: Prepared;
    beforeAll(async () => {
      prepared = await prepare(name);
    });
    afterAll(() => prepared.dispose());

    describeStore(name, {
      runner: { describe, it },
      create: (clock) => createSuiteStore(prepared, clock),
      flush,
      histories: { runs },
    });
  });
});

import { ownLease, type Status } from '@presence/core';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createHeard } from '../../../../test-fixtures/plans.ts';
import { missingSql, prepare, sqlParts, type Prepared } from '../../../../test-fixtures/sql.ts';
import { DATABASES } from '../../../../test-fixtures/people.ts';
import { accepted, holding, writeOf } from '../../../testing/suite/writes.ts';
import { inPieces } from '../../shared/pieces.ts';
import type { PresenceStore } from '../../store.ts';
import { createSqlStore } from '../create-store.ts';
import { sqlDirectory, type SqlDirectory } from './sql-directory.ts';

const HOUR_MS = 3_600_000;
/** More than are looked up one by one. */
const PEOPLE = 2100;

const all = Array.from({ length: PEOPLE }, (_, user) => `user-${String(user).padStart(4, '0')}`);

describe.each(DATABASES)('statuses of a directory on %s', (name) => {
  describe.skipIf(missingSql(name))('of whom many become what few were', () => {
    const heard = createHeard();
    let stage: Prepared;
    let store: PresenceStore;
    let directory: SqlDirectory;
    const table = () => `${stage.prefix}many`;

    beforeAll(async () => {
      stage = await prepare(name, heard.log);
      const { db, prefix } = stage;
      store = createSqlStore(sqlParts(stage), 1000);
      await store.due(0, 0);
      await sql`create table ${sql.table(table())} (id varchar(60) not null primary key)`.execute(
        db,
      );
      for (const some of inPieces(all, 500))
        await sql`insert into ${sql.table(table())} values ${sql.join(some.map((id) => sql`(${id})`))}`.execute(
          db,
        );
      directory = sqlDirectory({
        db,
        prefix,
        table: table(),
        columns: { userId: 'id' },
        tenant: 'acme',
        presence: true,
        deadlineMs: 60_000,
      });
    });
    afterAll(async () => {
      await sql`drop table ${sql.table(table())}`.execute(stage.db);
      await store.close();
      await stage.dispose();
    });

    const become = async (status: Status, users: readonly string[], base?: number) => {
      for (const some of inPieces(users, 500)) {
        const writes = some.map((id) =>
          writeOf(id, {
            tenant: 'acme',
            status,
            ...holding(ownLease(id, 1), HOUR_MS),
            scopes: ['t'],
            ...(base !== undefined && { base }),
          }),
        );
        await accepted(store, ...writes);
      }
    };

    const listed = async (...status: Status[]): Promise<string[]> => {
      const found: string[] = [];
      for (let after: string | null | undefined; after !== null;) {
        const page = await directory.list({
          tenant: 'acme',
          status,
          limit: 500,
          ...(after !== undefined && { after }),
        });
        found.push(...page.users.map(({ userId }) => userId));
        after = page.next;
      }
      return found;
    };

    it('S14: nobody is left out, however lately it was counted that they are few', async () => {
      await become('busy', all.slice(0, 2));
      expect(await listed('busy')).toEqual(all.slice(0, 2));
      await become('busy', all.slice(2));
      expect(await listed('busy')).toEqual(all);
      expect(await listed('busy', 'dnd')).toEqual(all);
      expect(await listed('offline')).toEqual([]);
    });

    it('are counted once in a while', async () => {
      const ask = () => directory.list({ tenant: 'acme', status: ['away', 'dnd'], limit: 10 });
      const counts = (statements: readonly { readonly sql: string }[]) =>
        statements.filter((statement) => / offset /.test(statement.sql)).length;
      expect(counts(await heard.during(ask))).toBe(1);
      expect(counts(await heard.during(ask))).toBe(0);
    });
  });
});

import { CompiledQuery, sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createHeard, wholeTables } from '../../../../test-fixtures/plans.ts';
import {
  missingSql,
  prepare,
  type DatabaseName,
  type Prepared,
} from '../../../../test-fixtures/sql.ts';
import type { DirectoryQuery } from '../../../admin/types.ts';
import { dialectOf } from '../place.ts';
import { sqlDirectory, type SqlDirectory } from './sql-directory.ts';

/*
 * What a page costs hangs on this: that its rows come in order from an index, and are not all read to be put in order.
 */

/** Postgres takes what is least work by what it knows of the rows: see plans.test.ts. */
const DATABASES: readonly DatabaseName[] = ['node:sqlite', 'better-sqlite3', 'mariadb'];

const TENANT = 'acme';
const PEOPLE = 5000;

/** As the guide says. */
const INDEXES = ['org, full_name, id', 'org, mail, id', 'org, id', 'org, status, full_name, id'];

const QUERIES: readonly Partial<DirectoryQuery>[] = [
  ...'name -name email -email userId -userId'.split(' ').map((sort) => ({ sort })),
  { account: 'banned' },
  { account: 'banned', sort: '-name' },
  { account: 'active' },
  { account: 'active', sort: '-name' },
];

describe.each(DATABASES)('orders of a directory on %s', (name) => {
  describe.skipIf(missingSql(name))('of the application’s own table', () => {
    const heard = createHeard();
    let stage: Prepared;
    let table: string;
    let directory: SqlDirectory;

    beforeAll(async () => {
      stage = await prepare(name, heard.log);
      const { db, prefix } = stage;
      table = `${prefix}ordered`;
      await sql`create table ${sql.table(table)} (id varchar(40) not null primary key, org varchar(40) not null,
        full_name varchar(100) not null, mail varchar(100), status varchar(20) not null, is_active integer not null)`.execute(
        db,
      );
      await sql`insert into ${sql.table(table)} with recursive series(n) as
        (select 1 union all select n + 1 from series where n < 900)
        select concat('user-', a.n, '-', b.n), case when a.n % 5 = 2 then ${TENANT} else 'other' end, concat('Name ', (a.n * 7919 + b.n * 31) % 5000),
          concat('mail-', (a.n * 31 + b.n * 17) % 3000), case when a.n = 7 then 'banned' else 'active' end, 1
        from (select n from series where n <= ${PEOPLE / 10}) a, (select n from series where n <= 10) b`.execute(
        db,
      );
      for (const [place, columns] of INDEXES.entries()) {
        const title = sql.id(`${prefix}ordered_${place}`);
        await sql`create index ${title} on ${sql.table(table)} (${sql.raw(columns)})`.execute(db);
      }
      const analyse = name === 'mariadb' ? sql`analyze table` : sql`analyze`;
      await sql`${analyse} ${sql.table(table)}`.execute(db);
      directory = sqlDirectory({
        db,
        table,
        columns: { userId: 'id', tenant: 'org', name: 'full_name', email: 'mail' },
        account: {
          status: { active: 'active', banned: 'banned' },
          is_active: { true: 'active', false: 'inactive' },
        },
      });
      await directory.check();
    });
    afterAll(async () => {
      await sql`drop table ${sql.table(table)}`.execute(stage.db);
      await stage.dispose();
    });

    /** Statements for two pages. */
    const statementsOf = (query: Partial<DirectoryQuery>) =>
      heard.during(async () => {
        const asked = { tenant: TENANT, limit: 20, ...query };
        const { users, next } = await directory.list(asked);
        expect(users.length).toBeGreaterThan(0);
        if (next !== null) await directory.list({ ...asked, after: next });
      });

    /** What the database says of how it reads: a text of its own kind. */
    const planOf = async ({ sql: text, parameters }: CompiledQuery): Promise<string> => {
      const word = name.includes('sqlite') ? 'explain query plan' : 'explain';
      const { rows } = await stage.db.executeQuery(
        CompiledQuery.raw(`${word} ${text}`, [...parameters]),
      );
      return JSON.stringify(rows);
    };

    const SORTED = /USE TEMP B-TREE|Using filesort/i;

    it.each(QUERIES.map((query) => [JSON.stringify(query), query] as const))(
      '%s comes in order from an index',
      async (_, query) => {
        const statements = await statementsOf(query);
        expect(statements).not.toEqual([]);
        for (const statement of statements) {
          const plan = await planOf(statement);
          expect([statement.sql, plan]).toEqual([statement.sql, expect.not.stringMatching(SORTED)]);
          const whole = await wholeTables(stage.db, dialectOf(stage.db).name, statement);
          expect([statement.sql, whole]).toEqual([statement.sql, []]);
        }
      },
    );

    it.each(['name', '-name'])(
      'whoever has a state that few have is found by it, by %s',
      async (sort) => {
        for (const statement of await statementsOf({ account: 'banned', sort })) {
          expect(await planOf(statement)).toContain(`${stage.prefix}ordered_3`);
        }
      },
    );

    it('is seen to be made where its index is missing', async () => {
      const index = sql.id(`${stage.prefix}ordered_1`);
      const of = name === 'mariadb' ? sql`on ${sql.table(table)}` : sql``;
      await sql`drop index ${index} ${of}`.execute(stage.db);
      const [statement] = await statementsOf({ sort: 'email' });
      expect(await planOf(statement!)).toMatch(SORTED);
    });
  });
});

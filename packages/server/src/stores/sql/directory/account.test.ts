import type { Account } from '@presence/core';
import { sql, type RawBuilder } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DATABASES } from '../../../../test-fixtures/people.ts';
import { missingSql, prepare, type Prepared } from '../../../../test-fixtures/sql.ts';
import { sqlDirectory } from './sql-directory.ts';
import type { AccountColumns } from './types.ts';

const ACCOUNTS = ['active', 'inactive', 'suspended', 'banned', 'pending'] as const;

/** States of an application, by user. Some only look like one that is named. */
const STATES: Readonly<Record<string, string | null>> = {
  1: 'active',
  2: 'Active',
  3: 'active ',
  4: 'ACTIVE',
  5: 'áctive',
  6: 'banned',
  7: 'Banned',
  8: null,
  9: '',
  10: ' ',
  11: 'trial',
  12: 'Trial',
  13: 'gone',
  14: 'gone ',
};

const NAMED: AccountColumns = {
  state: {
    active: 'active',
    trial: 'active',
    banned: 'banned',
    gone: 'inactive',
    null: 'pending',
  },
};

const shownAs = (state: string | null): Account => NAMED['state']![state ?? 'null'] ?? 'inactive';

/** Column types whose collations take more for the same than equal bytes. */
const ALIKE: Readonly<Record<string, readonly string[]>> = {
  mariadb: [
    'varchar(20) character set utf8mb4 collate utf8mb4_general_ci',
    'varchar(20) character set utf8mb4 collate utf8mb4_bin',
    'varchar(20) character set utf8mb4 collate utf8mb4_nopad_bin',
    'varchar(20) character set latin1 collate latin1_swedish_ci',
    'text character set utf8mb4 collate utf8mb4_unicode_ci',
  ],
  'node:sqlite': [
    'text',
    'text collate nocase',
    'text collate rtrim',
    'varchar(20) collate nocase',
  ],
  'better-sqlite3': ['text collate nocase'],
  postgres: ['text', 'varchar(20)', 'text collate alike', 'varchar(20) collate alike'],
  pglite: ['text'],
};

describe.each(DATABASES)('account states of a directory on %s', (name) => {
  describe.skipIf(missingSql(name))('are compared exactly', () => {
    let stage: Prepared;
    let table: string;
    beforeAll(async () => {
      stage = await prepare(name);
      table = `${stage.prefix}states`;
      if (name === 'postgres') {
        await sql`create collation if not exists alike
          (provider = icu, locale = 'und-u-ks-level1', deterministic = false)`.execute(stage.db);
      }
    });
    afterAll(() => stage.dispose());

    /** Of each user, the account that is shown and all by which the filter finds them. */
    const readAll = async (account: AccountColumns): Promise<Record<string, unknown>> => {
      const directory = sqlDirectory({ db: stage.db, table, columns: { userId: 'id' }, account });
      const query = { tenant: 'default', limit: 500 };
      const { users } = await directory.list(query);
      const found = new Map(users.map((user) => [user.userId, [user.account] as unknown[]]));
      for (const each of ACCOUNTS) {
        const page = await directory.list({ ...query, account: each });
        for (const { userId } of page.users) found.get(userId)!.push(each);
      }
      return Object.fromEntries(found);
    };

    const withTable = async (columns: RawBuilder<unknown>, work: () => Promise<void>) => {
      await sql`create table ${sql.table(table)} (${columns})`.execute(stage.db);
      try {
        await work();
      } finally {
        await sql`drop table ${sql.table(table)}`.execute(stage.db);
      }
    };

    it.each(ALIKE[name]!)('whatever the collation takes for the same: %s', async (type) => {
      await withTable(sql.raw(`id integer primary key, state ${type}`), async () => {
        for (const [id, state] of Object.entries(STATES))
          await sql`insert into ${sql.table(table)} values (${Number(id)}, ${state})`.execute(
            stage.db,
          );
        const expected = Object.entries(STATES).map(([id, state]) => {
          const account = shownAs(state);
          return [id, [account, account]];
        });
        expect(await readAll(NAMED)).toEqual(Object.fromEntries(expected));
      });
    });

    it.runIf(name === 'mariadb')('in an enum as well', async () => {
      await withTable(sql`id integer primary key, state enum('Active', 'banned')`, async () => {
        await sql`insert into ${sql.table(table)} values (1, 'Active'), (2, 'banned'), (3, null)`.execute(
          stage.db,
        );
        expect(await readAll({ state: { active: 'active', banned: 'banned' } })).toEqual({
          1: ['inactive', 'inactive'],
          2: ['banned', 'banned'],
          3: ['inactive', 'inactive'],
        });
      });
    });

    it('in the first of two columns that blocks', async () => {
      const flag = name === 'postgres' || name === 'pglite' ? sql`boolean` : sql`integer`;
      const [yes, no] = name === 'postgres' || name === 'pglite' ? [true, false] : [1, 0];
      await withTable(
        sql`id integer primary key, state varchar(20), is_active ${flag}`,
        async () => {
          for (const row of [
            [1, 'active', yes],
            [2, 'Active', yes],
            [3, 'active', no],
            [4, 'Active', no],
            [5, 'banned', no],
            [6, 'active', null],
          ]) {
            await sql`insert into ${sql.table(table)} values (${sql.join(row)})`.execute(stage.db);
          }
          const found = await readAll({
            state: { active: 'active', banned: 'banned' },
            is_active: { true: 'active', false: 'suspended' },
          });
          expect(found).toEqual({
            1: ['active', 'active'],
            2: ['inactive', 'inactive'],
            3: ['suspended', 'suspended'],
            4: ['inactive', 'inactive'],
            5: ['banned', 'banned'],
            6: ['inactive', 'inactive'],
          });
        },
      );
    });
  });
});

import type { Account } from '@presence/core';
import { sql, type RawBuilder } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DATABASES } from '../../../../test-fixtures/people.ts';
import { createHeard, wholeTables } from '../../../../test-fixtures/plans.ts';
import { missingSql, prepare, sqlParts, type Prepared } from '../../../../test-fixtures/sql.ts';
import { createAskedNode } from '../../../testing/asked-node.ts';
import type { DirectoryQuery } from '../../../admin/types.ts';
import { createSqlStore } from '../create-store.ts';
import { sqlDirectory, type SqlDirectory } from './sql-directory.ts';
import type { SqlDirectoryOptions } from './types.ts';

const TENANT = 'acme';
/** More than any table of these has. */
const MOST = 50;

type Options = Omit<SqlDirectoryOptions<unknown>, 'db' | 'table'>;

/** All ids that a question finds, in pages of one. */
const listed = async (
  directory: SqlDirectory,
  query: Partial<DirectoryQuery> = {},
): Promise<string[]> => {
  const found: string[] = [];
  for (let after: string | null | undefined; after !== null;) {
    const page = await directory.list({
      tenant: TENANT,
      limit: 1,
      ...query,
      ...(after !== undefined && { after }),
    });
    found.push(...page.users.map(({ userId }) => userId));
    after = page.next;
    if (found.length > MOST) throw new Error(`The pages have no end: ${found.join()}`);
  }
  return found;
};

const ACCOUNTS = ['active', 'inactive', 'suspended', 'banned', 'pending'] as const;

/** The account that each user is shown with, and the one by which the filter finds them. */
const accountsOf = async (directory: SqlDirectory) => {
  const { users } = await directory.list({ tenant: TENANT, limit: 500 });
  const shown = users.map(({ userId, account }) => [userId, account] as const);
  const filtered: (readonly [string, Account])[] = [];
  for (const account of ACCOUNTS) {
    for (const userId of await listed(directory, { account })) filtered.push([userId, account]);
  }
  return { shown: Object.fromEntries(shown), filtered: Object.fromEntries(filtered) };
};

describe.each(DATABASES)('columns of a directory on %s', (name) => {
  describe.skipIf(missingSql(name))('by their type', () => {
    const heard = createHeard();
    const isPostgres = name === 'postgres' || name === 'pglite';
    let stage: Prepared;
    let table: string;
    beforeAll(async () => {
      stage = await prepare(name, heard.log);
      table = `${stage.prefix}typed`;
    });
    afterAll(() => stage.dispose());

    const withTable = async (
      columns: RawBuilder<unknown>,
      work: () => Promise<void>,
    ): Promise<void> => {
      await sql`create table ${sql.table(table)} (${columns})`.execute(stage.db);
      try {
        await work();
      } finally {
        await sql`drop table ${sql.table(table)}`.execute(stage.db);
      }
    };

    const insert = async (...rows: readonly (readonly unknown[])[]): Promise<void> => {
      for (const row of rows)
        await sql`insert into ${sql.table(table)} values (${sql.join(row)})`.execute(stage.db);
    };

    const directoryOf = (options: Partial<Options>): SqlDirectory =>
      sqlDirectory({
        db: stage.db,
        table,
        columns: { userId: 'id' },
        ...(options.columns?.tenant === undefined && { tenant: TENANT }),
        ...options,
      });

    it.runIf(name === 'mariadb')('bits are read as a number', async () => {
      const bits = (text: string) => sql.raw(`b'${text}'`);
      const columns = sql`id bit(40) primary key, is_active bit(1), level bit(8) not null`;
      await withTable(columns, async () => {
        await insert([7, bits('1'), 5], [48, bits('0'), 49], [2 ** 39, null, 5], [1, bits('1'), 0]);
        for (const isActive of [
          { true: 'active', false: 'suspended', null: 'pending' },
          { 1: 'active', 0: 'suspended', null: 'pending' },
        ] as const) {
          const expected = { 7: 'active', 48: 'suspended', 549755813888: 'pending', 1: 'active' };
          const accounts = await accountsOf(directoryOf({ account: { is_active: isActive } }));
          expect(accounts).toEqual({ shown: expected, filtered: expected });
        }
        const byLevel = directoryOf({ account: { level: { 5: 'active', 49: 'banned' } } });
        const expected = { 7: 'active', 48: 'banned', 549755813888: 'active', 1: 'inactive' };
        expect(await accountsOf(byLevel)).toEqual({ shown: expected, filtered: expected });
        expect(await listed(byLevel)).toEqual(['1', '7', '48', '549755813888']);
        expect(await byLevel.account({ tenant: TENANT, userId: '48' })).toBe('banned');
        expect(await byLevel.get(TENANT, ['0', '048', '\u0001', '48'])).toHaveLength(1);
      });
    });

    it.runIf(isPostgres)('bits are their digits', async () => {
      await withTable(sql`id int primary key, is_active bit(1), level bit(3)`, async () => {
        await insert([1, '1', '101'], [2, '0', '101'], [3, '1', '100'], [4, null, '101']);
        const directory = directoryOf({
          account: { is_active: { true: 'active', false: 'banned' }, level: { 101: 'active' } },
        });
        const expected = { 1: 'active', 2: 'banned', 3: 'inactive', 4: 'inactive' };
        expect(await accountsOf(directory)).toEqual({ shown: expected, filtered: expected });
      });
    });

    // SQLite fills nothing up: there a text is what was written.
    describe.skipIf(name.includes('sqlite'))('char(n)', () => {
      const account = { state: { active: 'active', 'on leave': 'suspended' } } as const;
      const columns = {
        userId: 'code',
        tenant: 'org',
        name: 'full_name',
        email: 'mail',
      };
      const typed = sql`code char(10) not null primary key, org char(8) not null, full_name char(20), mail char(20),
        state char(12)`;
      const fill = () =>
        insert(
          ['ab', TENANT, 'Ada', null, 'active'],
          ['c d', TENANT, null, 'x@example.org', 'on leave'],
          ['abc', TENANT, 'Ada', 'x@example.org', 'unheard-of'],
          ['zoe', TENANT, 'Zoe', null, null],
          ['0123456789', TENANT, 'Émile Zola', 'z@example.org', 'active'],
          ['other', 'other', 'Ada', null, 'active'],
        );
      const everybody = ['0123456789', 'ab', 'abc', 'c d', 'zoe'];

      it('is read without the blanks that fill it up', async () => {
        await withTable(typed, async () => {
          await fill();
          const directory = directoryOf({ columns, account });
          const { users } = await directory.list({ tenant: TENANT, limit: 9, sort: 'userId' });
          expect(users).toMatchObject([
            { userId: '0123456789', name: 'Émile Zola', email: 'z@example.org' },
            { userId: 'ab', name: 'Ada' },
            { userId: 'abc', name: 'Ada', email: 'x@example.org' },
            { userId: 'c d', email: 'x@example.org' },
            { userId: 'zoe', name: 'Zoe' },
          ]);
          const expected = {
            '0123456789': 'active',
            ab: 'active',
            abc: 'inactive',
            'c d': 'suspended',
            zoe: 'inactive',
          };
          expect(await accountsOf(directory)).toEqual({ shown: expected, filtered: expected });
          for (const [userId, state] of Object.entries(expected))
            expect(await directory.account({ tenant: TENANT, userId })).toBe(state);
        });
      });

      it('S14: pages meet everybody once in each order', async () => {
        await withTable(typed, async () => {
          await fill();
          const directory = directoryOf({ columns, account });
          for (const sort of directory.sorts)
            expect([sort, (await listed(directory, { sort })).toSorted()]).toEqual([
              sort,
              everybody,
            ]);
          expect(await listed(directory, { search: 'ZOLA' })).toEqual(['0123456789']);
          expect((await listed(directory, { search: 'ada' })).toSorted()).toEqual(['ab', 'abc']);
        });
      });

      it('S15: ids and tenants with blanks behind them are nobody’s', async () => {
        await withTable(typed, async () => {
          await fill();
          const directory = directoryOf({ columns, account });
          const odd = ['ab ', 'ab        ', 'AB', ' ab', 'ab\t', 'a', '', ' '];
          expect(await directory.get(TENANT, odd)).toEqual([]);
          for (const userId of odd) {
            expect(await directory.get(TENANT, [userId])).toEqual([]);
            expect(await directory.account({ tenant: TENANT, userId })).toBeUndefined();
          }
          const found = await directory.get(TENANT, [...odd, ...everybody, 'other']);
          expect(found.map(({ userId }) => userId).toSorted()).toEqual(everybody);
          for (const tenant of ['acme ', 'acme    ', 'ACME', 'ac'])
            expect((await directory.list({ tenant, limit: 9 })).users).toEqual([]);
        });
      });

      it('is the id by which presence knows somebody', async () => {
        await withTable(typed, async () => {
          await fill();
          const store = createSqlStore(sqlParts(stage), 1000);
          await store.due(0, 0);
          const { presence } = createAskedNode({ store, security: { secret: 'x'.repeat(32) } });
          for (const userId of ['ab', 'zoe']) await presence.tenant(TENANT).signIn(userId);
          const { prefix } = stage;
          const known = { columns, account, prefix, presence: true };
          const directory = directoryOf(known);
          for (const sort of directory.sorts) {
            const online = await listed(directory, { status: ['online'], sort });
            expect([sort, online.toSorted()]).toEqual([sort, ['ab', 'zoe']]);
          }
          expect((await listed(directory, { sort: '-lastSeen' })).slice(0, 2)).toEqual([
            'ab',
            'zoe',
          ]);
          await presence.close();
          await store.close();
        });
      });

      it.runIf(isPostgres)('is looked up by its index', async () => {
        await withTable(typed, async () => {
          const { db } = stage;
          await sql`insert into ${sql.table(table)} select concat('user-', n),
            case when n % 10 = 7 then ${TENANT} else 'other' end, left(md5(n::text), 20), null, 'active'
            from generate_series(1, 5000) n`.execute(db);
          await sql`create index on ${sql.table(table)} (org, state, full_name, code)`.execute(db);
          await sql`create index on ${sql.table(table)} (org, code)`.execute(db);
          await sql`update ${sql.table(table)} set state = 'on leave' where code = 'user-7'`.execute(
            db,
          );
          await sql`vacuum analyze ${sql.table(table)}`.execute(db);
          const directory = directoryOf({ columns, account });
          await directory.check();
          const many = Array.from({ length: 20 }, (_, n) => `user-${n + 1}`);
          for (const ask of [
            () => directory.get(TENANT, ['user-7']),
            () => directory.get(TENANT, many),
            () => directory.account({ tenant: TENANT, userId: 'user-9' }),
            () => directory.list({ tenant: TENANT, limit: 9, sort: 'userId' }),
            () => directory.list({ tenant: TENANT, limit: 9, account: 'suspended' }),
          ]) {
            const statements = await heard.during(ask);
            expect(statements).not.toEqual([]);
            for (const statement of statements) {
              const whole = await wholeTables(db, 'postgres', statement);
              expect([statement.sql, whole]).toEqual([statement.sql, []]);
            }
          }
        });
      });
    });

    const bytes = isPostgres
      ? ['bytea']
      : name === 'mariadb'
        ? ['binary(16)', 'varbinary(16)', 'blob', 'tinyblob', 'char(16) character set binary']
        : ['blob', 'BLOB', 'binary(16)'];

    it.each(bytes)(
      '%s is refused wherever it is named: no text can be told from it',
      async (type) => {
        const columns = sql.raw(`id varchar(36) not null, raw ${type}`);
        await withTable(columns, async () => {
          const word = type.startsWith('char') ? 'binary' : type.toLowerCase().split('(')[0]!;
          const named: readonly Partial<Options>[] = [
            { columns: { userId: 'raw' } },
            { columns: { userId: 'id', name: 'raw' } },
            { columns: { userId: 'id', email: 'raw' } },
            { columns: { userId: 'id', tenant: 'raw' } },
            { search: { columns: ['raw'] } },
            { account: { raw: { a: 'active' } } },
          ];
          for (const options of named) {
            const directory = directoryOf(options);
            for (const ask of [
              () => directory.check(),
              () => directory.list({ tenant: TENANT, limit: 1 }),
              () => directory.account({ tenant: TENANT, userId: 'a' }),
            ]) {
              const failed = (await ask().catch((error: unknown) => error)) as Error;
              expect(failed).toMatchObject({ code: 'invalid_options' });
              expect(failed.message).toMatch(
                new RegExp(`"raw" .* ${word}.*Name a column of text, a number or a UUID`),
              );
            }
          }
          // One that nobody names is nobody's business.
          await directoryOf({}).check();
        });
      },
    );

    it('a view that writes bytes as text is a table like any other', async () => {
      const isMysql = name === 'mariadb';
      const type = isPostgres ? sql`bytea` : isMysql ? sql`binary(2)` : sql`blob`;
      await withTable(sql`raw ${type} not null`, async () => {
        const { db } = stage;
        const hex = isPostgres ? sql`encode(raw, 'hex')` : sql`hex(raw)`;
        const view = `${table}_view`;
        await insert([Buffer.from([0x12, 0x34])], [Buffer.from([0, 0xff])]);
        await sql`create view ${sql.table(view)} as select lower(${hex}) as id from ${sql.table(table)}`.execute(
          db,
        );
        const directory = directoryOf({});
        const seen = sqlDirectory({ db, table: view, columns: { userId: 'id' }, tenant: TENANT });
        expect(await listed(seen)).toEqual(['00ff', '1234']);
        expect(await seen.get(TENANT, ['1234', '12'])).toEqual([{ userId: '1234' }]);
        await expect(directory.check()).rejects.toThrow('has no column "id"');
        await sql`drop view ${sql.table(view)}`.execute(db);
      });
    });
  });
});

import type { AdminUsersAnswer } from '@presence/core/protocol';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { DirectoryQuery, DirectoryUser } from '../../../admin/types.ts';
import {
  missingSql,
  prepare,
  sqlParts,
  type DatabaseName,
  type Prepared,
} from '../../../../test-fixtures/sql.ts';
import { createAskedNode } from '../../../testing/asked-node.ts';
import type { Principal } from '../../../types.ts';
import { createSqlStore } from '../create-store.ts';
import {
  ACCOUNT,
  columns,
  createPeople,
  DATABASES,
  PEOPLE,
  TENANT,
} from '../../../../test-fixtures/people.ts';
import { sqlDirectory, type SqlDirectory } from './sql-directory.ts';

interface Stage extends Prepared {
  readonly name: DatabaseName;
  readonly table: string;
  readonly directory: SqlDirectory;
}

const ids = (users: readonly DirectoryUser[]): string[] => users.map(({ userId }) => userId);

describe.each(DATABASES)('a directory on %s', (name) => {
  describe.skipIf(missingSql(name))('of the application’s own table', () => {
    let stage: Stage;

    beforeAll(async () => {
      const prepared = await prepare(name);
      const { db, prefix } = prepared;
      const table = `${prefix}people`;
      await createPeople(name, db, table);
      const directory = sqlDirectory({
        db,
        prefix,
        table,
        columns,
        account: ACCOUNT,
        presence: true,
      });
      stage = { ...prepared, name, table, directory };
    });
    afterAll(async () => {
      await sql`drop table ${sql.table(stage.table)}`.execute(stage.db);
      await stage.dispose();
    });

    /** All pages of so many. */
    const listed = async (query: Partial<DirectoryQuery> = {}): Promise<string[]> => {
      const found: string[] = [];
      let after: string | undefined;
      do {
        const page = await stage.directory.list({
          tenant: TENANT,
          limit: 2,
          ...query,
          ...(after !== undefined && { after }),
        });
        found.push(...ids(page.users));
        after = page.next ?? undefined;
      } while (after !== undefined);
      return found;
    };

    it('declares its filters and sorts', () => {
      expect(stage.directory.filters).toEqual(['search', 'account', 'status']);
      expect(stage.directory.sorts).toEqual(
        'name -name email -email userId -userId -lastSeen lastSeen'.split(' '),
      );
    });

    it('S14: pages meet everybody once in each order, who has no value last', async () => {
      const everybody = PEOPLE.filter(([, org]) => org === TENANT).map(([id]) => id);
      for (const sort of stage.directory.sorts) {
        for (const limit of [1, 2, 3, 500]) {
          const found = await listed({ sort, limit });
          expect([sort, limit, found.toSorted()]).toEqual([sort, limit, everybody.toSorted()]);
        }
      }
      const byName = await listed({ sort: 'name' });
      expect(byName.filter((id) => id === '6' || id === '1')).toEqual(['6', '1']);
      expect(byName.slice(-2)).toEqual(['5', '10']);
      expect((await listed({ sort: '-name' })).slice(-2)).toEqual(['10', '5']);
      expect(await listed({ sort: 'userId' })).toEqual(everybody);
    });

    it.each([
      ['ADA', ['1', '6']],
      ['ada@EXAMPLE', ['1']],
      ['émile', ['2']],
      ['ÉMILE', ['2']],
      ["o'brien", ['3']],
      ['"q"', ['7']],
      ['0%', ['4']],
      ['%', ['4']],
      ['_', ['4']],
      ['*', []],
      ['[a-z]', []],
      ['|', []],
      ['\\', []],
      ["' or '1'='1", []],
      ['ada\0', []],
      ['\ud83d', []],
      [';--', []],
    ] as const)('searches for %j as it is, whatever the case', async (search, expected) => {
      expect(await listed({ search, sort: 'userId' })).toEqual(expected);
    });

    it('searches from the start where asked to', async () => {
      const { db, table } = stage;
      const directory = sqlDirectory({
        db,
        table,
        columns,
        search: { columns: ['full_name'], match: 'start' },
      });
      const found = async (search: string) =>
        ids((await directory.list({ tenant: TENANT, search, sort: 'userId', limit: 9 })).users);
      expect(await found('ADA')).toEqual(['1', '6']);
      expect(await found('love')).toEqual([]);
    });

    it('knows account states, each of them also as a filter', async () => {
      const accounts: Record<string, string[]> = {};
      for (const account of ['active', 'suspended', 'banned', 'inactive', 'pending'] as const) {
        accounts[account] = await listed({ account, sort: 'userId' });
      }
      expect(accounts).toEqual({
        active: ['1', '2', '10'],
        suspended: ['3'],
        banned: [],
        // Also whom nothing is said of, and who is in a state that nobody thought of.
        inactive: ['4', '5', '6'],
        pending: ['7'],
      });
      for (const [account, users] of Object.entries(accounts)) {
        for (const userId of users) {
          expect(await stage.directory.account({ tenant: TENANT, userId })).toBe(account);
        }
      }
    });

    it('S15: knows nobody of another tenant, and nobody who is not in the table', async () => {
      const { directory } = stage;
      for (const tenant of ['', 'Acme', 'ACME', 'acme ', ' acme', 'acmé', 'nul\0', 'nobody']) {
        for (const sort of directory.sorts) {
          expect((await directory.list({ tenant, sort, limit: 9 })).users).toEqual([]);
        }
        expect(await directory.get(tenant, ['1'])).toEqual([]);
        expect(await directory.account({ tenant, userId: '1' })).toBeUndefined();
      }
      expect(ids((await directory.list({ tenant: 'other', limit: 9 })).users)).toEqual(['20']);
      const odd = [
        '01',
        '+1',
        '1.0',
        ' 1',
        '1 ',
        '0x1',
        '1e0',
        '',
        'null',
        '9'.repeat(40),
        "1' or '1'='1",
        '20',
        '1\0',
      ];
      expect(await directory.get(TENANT, odd)).toEqual([]);
      expect(ids(await directory.get(TENANT, [...odd, '1', '7'])).toSorted()).toEqual(['1', '7']);
    });

    it('S1: filters by what users truly are, and orders by when they were seen last', async () => {
      const store = createSqlStore(sqlParts(stage), 1000);
      await store.due(0, 0);
      const node = createAskedNode({
        store,
        admin: true,
        security: { secret: 'x'.repeat(32), authorize: () => true },
        sources: { directory: stage.directory },
      });
      const acme = node.presence.tenant(TENANT);
      for (const id of ['7', '1', '2', '3', 'guest']) await acme.signIn(id);
      await acme.claim('2', 'busy');
      await acme.claim('3', 'busy');
      await acme.setVisibility('3', 'hidden');
      await acme.signOut('7');
      await acme.signOut('guest');
      await acme.claim('10', 'away', { source: 'admin', holdsAbsent: true });
      await acme.claim('5', 'dnd');
      const shown = async (query: string): Promise<string[]> => {
        const found: string[] = [];
        let cursor = '';
        for (let page = 0; page < 20; page += 1) {
          const { json } = await node.ask(`GET /admin/users?limit=2&${query}${cursor}`, {
            as: { userId: '1', tenant: TENANT },
          });
          const { users, nextCursor } = json as AdminUsersAnswer;
          found.push(...users.map(({ userId }) => userId));
          if (nextCursor === undefined) return found;
          cursor = `&cursor=${encodeURIComponent(nextCursor)}`;
        }
        throw new Error(`${query}: no end, after ${found.join()}`);
      };
      const by = (...status: NonNullable<DirectoryQuery['status']>[number][]) =>
        shown(`status=${status.join(',')}&sort=userId`);
      expect(await by('online')).toEqual(['1']);
      expect(await by('busy')).toEqual(['2', '3']);
      expect(await by('away', 'online')).toEqual(['1', '10']);
      expect(await by('dnd')).toEqual([]);
      expect(await by('offline')).toEqual(['4', '5', '6', '7']);
      expect(await shown('status=busy&search=zola')).toEqual(['2']);
      expect(await shown('status=busy&account=suspended&sort=-lastSeen')).toEqual(['3']);
      expect(await shown('status=busy&sort=-lastSeen')).toEqual(['2', '3']);
      expect(await shown('status=busy&sort=lastSeen')).toEqual(['3', '2']);
      expect(await shown('status=offline,busy&sort=-lastSeen')).toEqual('2 7 3 4 5 6'.split(' '));
      expect(await shown('status=online,away,busy,dnd,offline&sort=-userId')).toEqual(
        '10 7 6 5 4 3 2 1'.split(' '),
      );
      // Nobody has reaped: the end of a lease is enough.
      const late = sql`update ${sqlParts(stage).tables.lease.name} set expires_at = 1, check_at = 1 where user_id = '1'`;
      await late.execute(stage.db);
      expect(await by('online')).toEqual([]);
      expect(await by('offline')).toEqual(['1', '4', '5', '6', '7']);
      const lately = await listed({ sort: '-lastSeen' });
      expect(lately.slice(0, 3).toSorted()).toEqual(['1', '10', '2']);
      expect(lately.slice(3)).toEqual(['7', '3', '4', '5', '6']);
      expect((await listed({ sort: 'lastSeen' })).slice(0, 2)).toEqual(['3', '7']);
      expect(await listed({ sort: '-lastSeen', search: 'zo' })).toEqual(['2', '7']);
      // Nor has anybody written down that a claim has ended.
      await acme.claim('2', 'dnd', { source: 'call', forMs: 1500 });
      await acme.claim('10', 'online', { source: 'admin', holdsAbsent: true, forMs: 1500 });
      await vi.waitFor(async () => expect(await by('busy')).toEqual(['2', '3']), 10_000);
      expect(await by('dnd')).toEqual([]);
      expect(await by('offline')).toEqual(['1', '4', '5', '6', '7', '10']);
      for (const sort of ['name', '-lastSeen', 'lastSeen']) {
        expect((await shown(`status=busy&sort=${sort}`)).toSorted()).toEqual(['2', '3']);
      }
      await node.presence.close();
      await store.close();
    });

    it('is listed by the admin route with presence, and bound to its query and tenant', async () => {
      const store = createSqlStore(sqlParts(stage), 1000);
      await store.due(0, 0);
      const { directory } = stage;
      const { ask, presence } = createAskedNode({
        store,
        admin: true,
        security: { secret: 'x'.repeat(32), authorize: () => true },
        sources: { directory, account: directory.account },
      });
      const as: Principal = { userId: '1', tenant: TENANT };
      const get = async (query: string, principal = as) => {
        const { status, json } = await ask(`GET /admin/users?${query}`, { as: principal });
        return { status, ...(json as AdminUsersAnswer) };
      };
      expect((await ask('POST /heartbeat', { as, body: {} })).status).toBe(200);
      for (const userId of ['3', '4', '6', '7']) {
        const blocked = await ask('POST /heartbeat', { as: { userId, tenant: TENANT }, body: {} });
        expect(blocked.status).toBe(403);
      }
      const first = await get('sort=userId&limit=1&search=ada');
      expect(first.users).toMatchObject([
        { userId: '1', profile: { name: 'Ada Lovelace' }, account: 'active' },
      ]);
      const cursor = `cursor=${encodeURIComponent(first.nextCursor ?? '')}`;
      expect((await get(`sort=userId&limit=1&search=ada&${cursor}`)).users).toMatchObject([
        { userId: '6', account: 'inactive' },
      ]);
      for (const query of ['sort=name&search=ada', 'sort=userId', 'sort=userId&search=ad']) {
        expect((await get(`${query}&${cursor}`)).status).toBe(400);
      }
      const stranger = { userId: '20', tenant: 'other' };
      expect((await get(`sort=userId&search=ada&${cursor}`, stranger)).status).toBe(400);
      expect((await get('sort=password')).status).toBe(400);
      expect((await get('status=online&sort=-name&account=active')).users).toMatchObject([
        { userId: '1', presence: { status: 'online' } },
      ]);
      const gone = await get('status=offline&sort=userId');
      expect(gone.users.map(({ userId }) => userId)).not.toContain('1');
      await presence.close();
      await store.close();
    });

    it('says what is missing, and what there is', async () => {
      const { db, table } = stage;
      const failing = async (options: Partial<Parameters<typeof sqlDirectory>[0]>) => {
        const directory = sqlDirectory({ db, table, columns, ...options });
        const failed = await directory.check().catch((error: unknown) => error);
        return failed as Error & { code: string };
      };
      const noTable = await failing({ table: 'no_such_table' });
      expect([noTable.code, noTable.message]).toEqual([
        'invalid_options',
        expect.stringContaining('There is no table or view "no_such_table"'),
      ]);
      const noColumn = await failing({ columns: { userId: 'id', name: 'nickname' } });
      expect([noColumn.code, noColumn.message]).toEqual([
        'invalid_options',
        expect.stringMatching(
          /has no column "nickname". It has: id, org, full_name, mail, status, is_active/,
        ),
      ]);
      expect((await failing({ account: { state: { a: 'active' } } })).code).toBe('invalid_options');
      expect((await failing({ search: { columns: ['bio'] } })).code).toBe('invalid_options');
    });

    it('says so too of what is gone since it looked, and goes on when it is back', async () => {
      const { db, prefix } = stage;
      const table = `${prefix}leavers`;
      await createPeople(name, db, table);
      const alter = (change: string) => sql.raw(`alter table ${table} ${change}`).execute(db);
      for (const presence of [true, false]) {
        const directory = sqlDirectory({ db, prefix, table, columns, account: ACCOUNT, presence });
        const calls = {
          list: () => directory.list({ tenant: TENANT, limit: 9 }),
          get: () => directory.get(TENANT, ['1']),
          account: () => directory.account({ tenant: TENANT, userId: '1' }),
          check: () => directory.check(),
        };
        const eachSays = async (message: string) => {
          for (const [call, ask] of Object.entries(calls)) {
            const failed = (await ask().catch((error: unknown) => error)) as Error;
            expect([call, failed]).toMatchObject([call, { code: 'invalid_options' }]);
            expect([call, failed.message]).toEqual([call, expect.stringContaining(message)]);
          }
        };
        expect(await calls.account()).toBe('active');
        await alter(`rename to ${table}_away`);
        await eachSays(`There is no table or view "${table}"`);
        await sql.raw(`alter table ${table}_away rename to ${table}`).execute(db);
        expect(await calls.account()).toBe('active');
        await alter('rename column full_name to nick');
        await eachSays(`The table "${table}" has no column "full_name". It has: id, org, nick`);
        await alter('rename column nick to full_name');
        expect((await calls.list()).users).toHaveLength(8);
      }
      await sql.raw(`drop table ${table}`).execute(db);
    });

    it('is checked with the tables of the store where it reads those', async () => {
      const { db, table } = stage;
      const place = { db, table, columns, account: ACCOUNT, prefix: 'never_migrated_' };
      const directory = sqlDirectory({ ...place, presence: true });
      await expect(directory.check()).rejects.toThrow(
        'The database has no presence tables under this prefix and schema. Run migrate(db)',
      );
      // Nobody's account hangs on them.
      expect(await directory.account({ tenant: TENANT, userId: '1' })).toBe('active');
      await sqlDirectory(place).check();
      await stage.directory.check();
    });
  });
});

describe('a directory of a view', () => {
  it('says that what the view is made of is gone', async () => {
    const { db, prefix, dispose } = await prepare('node:sqlite');
    await createPeople('node:sqlite', db, 'people');
    await sql`create view shown as select * from people`.execute(db);
    for (const presence of [true, false]) {
      const directory = sqlDirectory({ db, prefix, table: 'shown', columns, presence });
      await directory.list({ tenant: TENANT, limit: 9 });
      await sql`drop table people`.execute(db);
      await expect(directory.list({ tenant: TENANT, limit: 9 })).rejects.toMatchObject({
        code: 'invalid_options',
        message: expect.stringContaining('"shown" cannot be read'),
      });
      await createPeople('node:sqlite', db, 'people');
    }
    await dispose();
  });
});

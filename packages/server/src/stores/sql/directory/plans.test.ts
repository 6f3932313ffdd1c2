import { ownLease, type Status, type Write } from '@presence/core';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  coveredTables,
  createHeard,
  rowsLooked,
  wholeTables,
} from '../../../../test-fixtures/plans.ts';
import {
  missingSql,
  prepareAlone,
  sqlParts,
  type Prepared,
} from '../../../../test-fixtures/sql.ts';
import type { DirectoryQuery } from '../../../admin/types.ts';
import { accepted, holding, writeOf } from '../../../testing/suite/writes.ts';
import { inPieces } from '../../shared/pieces.ts';
import { createSqlStore } from '../create-store.ts';
import type { Parts } from '../parts.ts';
import { sqlDirectory, type SqlDirectory } from './sql-directory.ts';

const TENANT = 'acme';
const PEOPLE = 30_000;
/** Presence knows every fifth. */
const KNOWN = 6000;
const NEIGHBOURS = 9;
const HOUR_MS = 3_600_000;

/** Many are online, a few busy, hardly anybody is not to be disturbed, and the others are gone. */
const statusOf = (user: number): Status =>
  user % 100 === 1 ? 'dnd' : user % 20 === 3 ? 'busy' : user % 2 === 0 ? 'online' : 'offline';

const known = (user: number): Write => {
  const status = statusOf(user);
  const lease = ownLease(`lease-${user}`, 1);
  const held = status === 'offline' ? { holds: [], grant: [] } : holding(lease, HOUR_MS);
  return writeOf(`user-${user}`, { tenant: TENANT, ...held, status, scopes: ['t'] });
};

/** As the guide says, with its indexes. */
const createTable = async ({ db, prefix }: Prepared, table: string): Promise<void> => {
  await sql`create extension if not exists pg_trgm`.execute(db);
  await sql`create table ${sql.table(table)} (id text primary key, org text not null, name text not null,
    email text, state text not null)`.execute(db);
  await sql`insert into ${sql.table(table)} select 'user-' || n, ${TENANT}, md5(n::text), md5((n + 1)::text),
    case when n % 500 = 3 then 'suspended' else 'active' end from generate_series(1, ${PEOPLE}::int) n`.execute(
    db,
  );
  for (const [index, columns] of [
    'org, name, id',
    'org, email, id',
    'org, id',
    'org, state, name, id',
  ].entries()) {
    const title = sql.id(`${prefix}people_${index}`);
    await sql`create index ${title} on ${sql.table(table)} (${sql.raw(columns)})`.execute(db);
  }
  for (const column of ['name', 'email']) {
    const title = sql.id(`${prefix}search_${column}`);
    await sql`create index ${title} on ${sql.table(table)} using gin (lower(${sql.ref(column)}) gin_trgm_ops)`.execute(
      db,
    );
  }
};

/** Where most of a table is asked for, reading all of it is right. */
const addTenants = async ({ db, tables }: Parts): Promise<void> => {
  const { name } = tables.scope;
  await sql`insert into ${name} select concat(tenant, '-', n), scope, status, user_id, solo
    from ${name} cross join generate_series(1, ${NEIGHBOURS}::int) n`.execute(db);
};

const analyse = async ({ db, tables }: Parts, table: string): Promise<void> => {
  for (const { name } of [tables.user, tables.lease, tables.scope, tables.hold, tables.node])
    await sql`vacuum analyze ${name}`.execute(db);
  await sql`vacuum analyze ${sql.table(table)}`.execute(db);
};

const SORTS = 'name -name email -email userId -userId lastSeen -lastSeen'.split(' ');

const QUERIES: readonly Partial<DirectoryQuery>[] = [
  ...SORTS.map((sort) => ({ sort })),
  ...(['online', 'busy', 'dnd', 'offline'] as const).flatMap((status) =>
    ['name', 'userId', '-lastSeen', 'lastSeen'].map((sort) => ({ status: [status], sort })),
  ),
  { account: 'suspended' },
  { account: 'active' },
  { search: 'abcdef' },
  { search: 'abcdef', status: ['busy'] },
  { account: 'suspended', status: ['online'] },
];

describe.skipIf(missingSql('postgres'))('plans of a directory on Postgres', () => {
  const heard = createHeard();
  let prepared: Prepared;
  let parts: Parts;
  let table: string;
  let directory: SqlDirectory;

  beforeAll(async () => {
    prepared = await prepareAlone(heard.log);
    parts = sqlParts(prepared);
    table = `${prepared.prefix}people`;
    const store = createSqlStore(parts, 1000);
    await store.due(0, 0);
    await createTable(prepared, table);
    const users = Array.from({ length: KNOWN }, (_, place) => known(5 * place + (place % 5)));
    for (const some of inPieces(users, 500)) await accepted(store, ...some);
    await addTenants(parts);
    await analyse(parts, table);
    await store.close();
    const { db, prefix } = prepared;
    directory = sqlDirectory({
      db,
      prefix,
      table,
      columns: { userId: 'id', tenant: 'org', name: 'name', email: 'email' },
      account: { state: { active: 'active', suspended: 'suspended' } },
      presence: true,
    });
    await directory.check();
  });
  afterAll(async () => {
    await sql`drop table ${sql.table(table)}`.execute(prepared.db);
    await prepared.dispose();
  });

  /** Tables that a question reads from end to end, with its statement. */
  const readWhole = async (query: Partial<DirectoryQuery>): Promise<string[]> => {
    const ask = async () => {
      const { next } = await directory.list({ tenant: TENANT, limit: 100, ...query });
      if (next !== null)
        await directory.list({ tenant: TENANT, limit: 100, ...query, after: next });
    };
    const whole: string[] = [];
    const few = [parts.tables.meta.text, parts.tables.node.text, parts.tables.hold.text];
    for (const statement of await heard.during(ask)) {
      const found = await wholeTables(parts.db, 'postgres', statement);
      if (found.some((each) => !few.includes(each)))
        whole.push(`${found.join()}: ${statement.sql.replace(/\s+/g, ' ').slice(0, 600)}`);
    }
    return whole;
  };

  /** Rows that a question looks at, of all its statements. */
  const lookedAt = async (query: Partial<DirectoryQuery>): Promise<number> => {
    const ask = () => directory.list({ tenant: TENANT, limit: 100, ...query });
    let sum = 0;
    for (const statement of await heard.during(ask)) sum += await rowsLooked(parts.db, statement);
    return sum;
  };

  it('who is passed over for a status is read from the index of the order alone', async () => {
    for (const sort of ['name', '-name', 'email', 'userId']) {
      const ask = () =>
        directory.list({ tenant: TENANT, limit: 100, status: ['online', 'busy'], sort });
      const page = (await heard.during(ask)).at(-1)!;
      expect(page.sql).toContain(table);
      expect([sort, await coveredTables(parts.db, page)]).toEqual([
        sort,
        expect.arrayContaining([table]),
      ]);
    }
  });

  it('who meets a search and stands far behind in an order is found by the search', async () => {
    const { db } = prepared;
    await sql`update ${sql.table(table)} set name = concat('z-hopper-', id) where substr(id, 6)::int % 10 = 1`.execute(
      db,
    );
    await sql`vacuum analyze ${sql.table(table)}`.execute(db);
    const query = { search: 'hopper' };
    const { users } = await directory.list({ tenant: TENANT, limit: 100, ...query });
    expect(users).toHaveLength(100);
    expect(await lookedAt(query)).toBeLessThan(PEOPLE / 2);
  });

  it('who meets a search and stands together is not looked through for a status that none of them has', async () => {
    const query = { search: 'hopper', status: ['online'], sort: '-name' } as const;
    expect(await lookedAt(query)).toBeLessThan(PEOPLE / 2);
  });

  it('a search that many meet is left to the index of whatever else is asked', async () => {
    const query = { search: 'e', account: 'suspended', status: ['online'] } as const;
    expect(await lookedAt(query)).toBeLessThan(PEOPLE / 2);
  });

  it.each(QUERIES.map((query) => [JSON.stringify(query), query] as const))(
    '%s is found by an index',
    async (_, query) => expect(await readWhole(query)).toEqual([]),
  );

  it('are seen to read the whole table where its index is missing', async () => {
    await sql`drop index ${sql.id(`${prepared.prefix}people_0`)}`.execute(prepared.db);
    expect((await readWhole({ sort: 'name' })).join()).toContain(table);
  });
});

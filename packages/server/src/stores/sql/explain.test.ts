import { nodeLease, ownLease, type LeaseId, type Write } from '@presence/core';
import { sql, type RawBuilder } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createHeard, wholeTables } from '../../../test-fixtures/plans.ts';
import {
  missingSql,
  prepare,
  sqlParts,
  type DatabaseName,
  type Prepared,
} from '../../../test-fixtures/sql.ts';
import { accepted, holding, keyOf, take, writeOf } from '../../testing/suite/writes.ts';
import type { PresenceStore } from '../store.ts';
import { createSqlStore } from './create-store.ts';
import type { Parts } from './parts.ts';
import { nameOf } from './tables.ts';

const DATABASES: readonly DatabaseName[] = ['node:sqlite', 'postgres', 'mariadb'];

const TENANTS = 4;
const USERS = 2000;
/** So many times as many are made of them, tenants, nodes and all. */
const COPIES = 20;
const HOUR_MS = 3_600_000;
const ALIVE = nodeLease('alive', 1);
const DEAD = nodeLease('dead', 1);

/** One row, or as many as there are nodes or tenants: reading all of them is no search. */
const FEW_ROWS = ['meta', 'migration', 'node', 'feed', 'hook'];

const leaseOf = (tenant: string, user: number): LeaseId => ownLease(`${tenant}-${user}`, 1);

/** By sockets or by HTTP; some away, some in a room, some overdue by a lease or a deadline, some gone with their node. */
const userOf = (tenant: string, user: number): Write => {
  const isHttp = user % 2 === 0;
  const isOver = user % 50 === 0;
  const node = user % 41 === 1 ? DEAD : ALIVE;
  const lease = leaseOf(tenant, user);
  const held = isHttp
    ? holding(lease, isOver ? 1 : HOUR_MS)
    : { holds: [node], grant: [], solo: node };
  return writeOf(`user-${user}`, {
    tenant,
    ...held,
    status: user % 10 === 3 ? 'away' : 'online',
    scopes: user % 40 === 0 ? ['t', 'r:1'] : ['t'],
    deadline: user % 70 === 5 ? 1 : user % 7 === 5 ? Date.now() + HOUR_MS : null,
  });
};

const fill = async (store: PresenceStore): Promise<void> => {
  await take(store, ALIVE, HOUR_MS);
  await take(store, DEAD, HOUR_MS);
  for (let tenant = 0; tenant < TENANTS; tenant += 1) {
    const writes = Array.from({ length: USERS }, (_, user) => userOf(`tenant-${tenant}`, user));
    await accepted(store, ...writes);
  }
};

/** Everything once more, under other names: through the store it would take minutes. */
const copy = async ({ db, tables }: Parts): Promise<void> => {
  const other = (column: string): RawBuilder<unknown> => sql`concat(${sql.ref(column)}, '-', n)`;
  const renamed: Readonly<Record<string, RawBuilder<unknown>>> = {
    tenant: other('tenant'),
    id: other('id'),
    lease_id: other('lease_id'),
    leases: sql`replace(leases, '"]', concat('-', n, '"]'))`,
  };
  const asks = Array.from({ length: COPIES }, (_, n) => sql`select ${sql.lit(n)} as n`);
  for (const { name, columns } of [
    tables.user,
    tables.lease,
    tables.node,
    tables.hold,
    tables.scope,
  ]) {
    const names = Object.keys(columns);
    const values = names.map((column) =>
      column === 'solo' && columns[column] === 'text'
        ? sql`case when solo = '' then '' else ${other('solo')} end`
        : (renamed[column] ?? sql.ref(column)),
    );
    await sql`insert into ${name} (${sql.join(names.map((column) => sql.ref(column)))})
      select ${sql.join(values)} from ${name} cross join (${sql.join(asks, sql` union all `)}) copies`.execute(
      db,
    );
  }
};

const analyse = async ({ db, dialect, tables }: Parts): Promise<void> => {
  const { place: _, ...all } = tables;
  // The node went without a word.
  await sql`update ${tables.node.name} set expires_at = 1 where id like ${`${DEAD}%`}`.execute(db);
  for (const { name } of Object.values(all)) {
    if (dialect.name === 'postgres') await sql`vacuum analyze ${name}`.execute(db);
    else if (dialect.name === 'mysql') await sql`analyze table ${name}`.execute(db);
    else await sql`analyze ${name}`.execute(db);
  }
};

const TENANT = 'tenant-3';
const list = { tenant: TENANT, scope: 't' };
const room = { tenant: TENANT, scope: 'r:1' };
const page = { after: 'user-1', limit: 100 };

/** Resolves when a message has come back. */
const listen = async (store: PresenceStore): Promise<void> => {
  let tell = (): void => undefined;
  const told = new Promise<void>((resolve) => {
    tell = resolve;
  });
  const ignore = (): void => undefined;
  const stop = await store.subscribe([TENANT], {
    change: ignore,
    signal: () => tell(),
    gap: ignore,
  });
  await store.signal(TENANT, 'hello');
  await told;
  await stop();
};

const QUESTIONS: Readonly<Record<string, (store: PresenceStore) => Promise<unknown>>> = {
  'one user': async (store) => store.load([keyOf('user-7', TENANT)]),
  'a hundred users': async (store) =>
    store.load(Array.from({ length: 100 }, (_, user) => keyOf(`user-${user}`, TENANT))),
  'who is online': (store) => store.find({ ...list, ...page, status: ['online'] }),
  'who is in one of several statuses': (store) =>
    store.find({ ...list, ...page, status: ['away', 'busy', 'dnd', 'offline'] }),
  'who is in a room': (store) =>
    store.find({ ...room, ...page, status: ['online', 'away', 'busy', 'dnd'] }),
  'how many are online': (store) => store.count(list),
  'how many are in a room': (store) => store.count(room),
  'who is due': (store) => store.due(100, 0.4),
  'a heartbeat': async (store) => store.renew([{ id: leaseOf(TENANT, 2), forMs: 120_000 }], null),
  'many heartbeats': async (store) =>
    store.renew(
      Array.from({ length: 500 }, (_, user) => ({
        id: leaseOf(TENANT, 2 * user),
        forMs: 120_000,
      })),
      null,
    ),
  "a node's heartbeat": async (store) => store.renew([{ id: ALIVE, forMs: HOUR_MS }], null),
  'what the feed tells': listen,
  'a change': (store) => store.commit([writeOf('user-3', { tenant: TENANT, base: 1 })]),
  'a change that is refused': (store) => store.commit([writeOf('user-4', { tenant: TENANT })]),
};

describe.each(DATABASES)('plans of %s', (name) => {
  describe.skipIf(missingSql(name))('among a hundred thousand users', () => {
    const heard = createHeard();
    let prepared: Prepared;
    let parts: Parts;
    let store: PresenceStore;
    beforeAll(async () => {
      prepared = await prepare(name, heard.log);
      parts = sqlParts(prepared);
      store = createSqlStore(parts, 50);
      await store.due(0, 0);
      await fill(store);
      await copy(parts);
      await analyse(parts);
    });
    afterAll(async () => {
      await store.close();
      await prepared.dispose();
    });

    const readWhole = async (question: string): Promise<string[]> => {
      // The store is not to look as if it had been stopped.
      await store.due(0, 0);
      const statements = await heard.during(() => QUESTIONS[question]!(store));
      expect(statements.length).toBeGreaterThan(0);
      const few = FEW_ROWS.map((table) => nameOf(parts.tables.place, table));
      const whole: string[] = [];
      for (const statement of statements) {
        const tables = await wholeTables(parts.db, parts.dialect.name, statement);
        const large = tables.filter((table) => !few.includes(table));
        if (large.length > 0)
          whole.push(`${large.join()}: ${statement.sql.replace(/\s+/g, ' ').slice(0, 300)}`);
      }
      return whole;
    };

    it.each(Object.keys(QUESTIONS))('%s is found by an index', async (question) => {
      expect(await readWhole(question)).toEqual([]);
    });

    it('the application’s own users are joined with how they are by an index', async () => {
      const users = sql.table(`${prepared.prefix}users`);
      await sql`create table ${users} (org varchar(40) not null, id varchar(40) not null, primary key (org, id))`.execute(
        parts.db,
      );
      await sql`insert into ${users} values (${TENANT}, 'user-1'), (${TENANT}, 'nobody')`.execute(
        parts.db,
      );
      const current = sql.table(nameOf(parts.tables.place, 'current'));
      const joined =
        sql`select u.id, coalesce(p.status, 'offline') as status, p.since, p.last_seen_at from ${users} u
        left join ${current} p on p.tenant = u.org and p.user_id = u.id`.compile(parts.db);
      const whole = await wholeTables(parts.db, parts.dialect.name, joined);
      // MariaDB tells tables within a view by the names that the view gives them.
      const few = ['m', ...['users', ...FEW_ROWS].map((table) => `${prepared.prefix}${table}`)];
      expect(whole.filter((table) => !few.includes(table))).toEqual([]);
      await sql`drop table ${users}`.execute(parts.db);
    });

    it('are seen to read a whole table where its index is missing', async () => {
      const index = sql.id(`${prepared.prefix}lease_check`);
      const { lease } = parts.tables;
      await (
        parts.dialect.name === 'mysql'
          ? sql`drop index ${index} on ${lease.name}`
          : sql`drop index ${index}`
      ).execute(parts.db);
      expect((await readWhole('who is due')).join()).toContain(lease.text);
    });
  });
});

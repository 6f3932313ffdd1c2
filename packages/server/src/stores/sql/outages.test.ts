import { nodeLease, ownLease } from '@presence/core';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { Kysely, sql, SqliteDialect } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  connect,
  missingSql,
  prepare,
  sqlParts,
  type DatabaseName,
  type Prepared,
} from '../../../test-fixtures/sql.ts';
import { accepted, holding, keyOf, take, writeOf } from '../../testing/suite/writes.ts';
import { createSqlStore } from './create-store.ts';
import type { Db } from './dialect.ts';
import { migrate, migrateDown } from './migrations/migrate.ts';
import { nodeSqlite } from './node-sqlite.ts';
import { sqlStore } from './sql-store.ts';
import { nameOf } from './tables.ts';

const ALL: readonly DatabaseName[] = ['node:sqlite', 'postgres', 'mariadb'];
const SERVERS: readonly DatabaseName[] = ['postgres', 'mariadb'];

/** As a connection to a replica is, and no more. */
const READ_ONLY: Readonly<Record<string, readonly [string, string]>> = {
  'node:sqlite': ['pragma query_only = 1', 'pragma query_only = 0'],
  postgres: [
    'set session characteristics as transaction read only',
    'set session characteristics as transaction read write',
  ],
  mariadb: ['set session transaction read only', 'set session transaction read write'],
};

describe.each(ALL)('a database that is read-only: %s', (name) => {
  it.skipIf(missingSql(name))('is said to be so, with what to do, and can be read', async () => {
    const prepared = await prepare(name);
    const [begin, end] = READ_ONLY[name]!;
    await prepared.db.connection().execute(async (db) => {
      const store = createSqlStore(sqlParts({ ...prepared, db }), 1000);
      await store.due(0, 0);
      await sql.raw(begin).execute(db);
      await expect(store.commit([writeOf('ada')])).rejects.toThrow(
        'The database is read-only. Pass a connection to the primary',
      );
      expect((await store.load([keyOf('ada')])).items[0]!.record).toBeNull();
      await sql.raw(end).execute(db);
      await accepted(store, writeOf('ada'));
    });
    await prepared.dispose();
  });
});

describe('a file of SQLite that is opened read-only', () => {
  it('is said to be so, with what to do, where its settings cannot be made; and can be read where they are', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'presence-read-only-'));
    const file = join(folder, 'presence.db');
    const open = (readOnly: boolean): Db => {
      const database = nodeSqlite(new DatabaseSync(file, { readOnly }));
      return new Kysely<unknown>({ dialect: new SqliteDialect({ database }) });
    };
    new DatabaseSync(file).exec('create table others (id integer)');
    expect(() => open(true)).toThrow('or open the file, with the right to write');
    const db = open(false);
    await migrate(db);
    const store = sqlStore({ db });
    await accepted(store, writeOf('ada'));
    const reader = open(true);
    expect((await sqlStore({ db: reader }).load([keyOf('ada')])).items[0]!.record).not.toBeNull();
    await expect(sqlStore({ db: reader }).commit([writeOf('bob')])).rejects.toThrow(
      'The database is read-only',
    );
    await expect(migrateDown(reader)).rejects.toThrow('The database is read-only');
    await Promise.all([db.destroy(), reader.destroy()]);
    rmSync(folder, { recursive: true });
  });
});

describe.each(SERVERS)('others who use %s', (name) => {
  describe.skipIf(missingSql(name))('at once', () => {
    let prepared: Prepared;
    let other: Db;
    beforeAll(async () => {
      prepared = await prepare(name);
      other = connect(name);
    });
    afterAll(async () => {
      await other.destroy();
      await prepared.dispose();
    });

    it('S10: a deadlock with them is undone whole, and the commit is made afterwards', async () => {
      const parts = sqlParts(prepared);
      const store = createSqlStore(parts, 1000);
      await store.due(0, 0);
      await accepted(store, writeOf('a'), writeOf('b'));
      const { user } = parts.tables;
      const lock = (tx: Db, id: string) =>
        sql`select revision from ${user.name} where tenant = 'acme' and user_id = ${id} for update`.execute(
          tx,
        );
      let written: ReturnType<typeof store.commit> | undefined;
      const circle = other.transaction().execute(async (tx) => {
        await lock(tx, 'b');
        written = store.commit([writeOf('a', { base: 1 }), writeOf('b', { base: 1 })]);
        await lock(tx, 'a');
      });
      // Whoever of the two is the victim.
      await circle.catch(() => undefined);
      expect((await written!).results).toEqual([{ ok: true }, { ok: true }]);
      const { items } = await store.load([keyOf('a'), keyOf('b')]);
      expect(items.map(({ record }) => record?.revision)).toEqual([2, 2]);
      await store.close();
    });

    it('S19: a pool that is exhausted is 503 within the deadline, and works when it is not', async () => {
      const db = connect(name);
      const store = sqlStore({ db, prefix: prepared.prefix, deadlineMs: 1500 });
      await store.load([keyOf('ada')]);
      let release = (): void => undefined;
      const held = new Promise<void>((resolve) => {
        release = resolve;
      });
      const holders = Array.from({ length: 6 }, () =>
        db.connection().execute(async (connection) => {
          await sql`select 1`.execute(connection);
          await held;
        }),
      );
      await expect(store.load([keyOf('ada')])).rejects.toMatchObject({
        code: 'store_unavailable',
        retryAfterMs: 2000,
      });
      release();
      await Promise.all(holders);
      expect((await store.load([keyOf('ada')])).items[0]!.record).toBeNull();
      await store.close();
      await db.destroy();
    });
  });
});

describe.each(ALL)('the view for joins on %s', (name) => {
  it.skipIf(missingSql(name))(
    'S1: has everybody as they are, and offline whose lease has ended, before anybody reaped',
    async () => {
      const prepared = await prepare(name);
      const parts = sqlParts(prepared);
      const store = createSqlStore(parts, 1000);
      await store.due(0, 0);
      const node = nodeLease('a', 1);
      const dead = nodeLease('b', 1);
      await take(store, node, 60_000);
      await take(store, dead, 60_000);
      const on = (id: typeof node) => ({ holds: [id], solo: id });
      await accepted(
        store,
        writeOf('by-http', { ...holding(ownLease('s', 1), 60_000), status: 'busy' }),
        writeOf('ended', holding(ownLease('t', 1), 1)),
        writeOf('by-socket', { ...on(node), status: 'away' }),
        writeOf('died', on(dead)),
        writeOf('nobody', { status: 'offline' }),
      );
      await sql`update ${parts.tables.node.name} set expires_at = 1 where id = ${dead}`.execute(
        prepared.db,
      );
      const view = sql.table(nameOf(parts.tables.place, 'current'));
      const { rows } = await sql<{ user_id: string; status: string }>`
        select user_id, status from ${view} order by user_id`.execute(prepared.db);
      expect(rows.map(({ user_id, status }) => `${user_id} ${status}`)).toEqual([
        'by-http busy',
        'by-socket away',
        'died offline',
        'ended offline',
        'nobody offline',
      ]);
      await store.close();
      await prepared.dispose();
    },
  );
});

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { Kysely, sql, SqliteDialect } from 'kysely';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import {
  connect,
  missingSql,
  prepare,
  sqlParts,
  type DatabaseName,
  type Prepared,
} from '../../../test-fixtures/sql.ts';
import { accepted, keyOf, writeOf } from '../../testing/suite/writes.ts';
import type { PresenceStore } from '../store.ts';
import { createAttempts } from './attempts.ts';
import { createSqlStore } from './create-store.ts';
import type { Db } from './dialect.ts';
import { migrate } from './migrations/migrate.ts';
import { nodeSqlite } from './node-sqlite.ts';
import { sqlStore } from './sql-store.ts';

const SERVERS: readonly DatabaseName[] = ['postgres', 'mariadb'];
/** MariaDB shows its transactions as they were until nobody has looked for 100 ms. */
const WITHIN = { timeout: 20_000, interval: 250 };

/** Statements of others' connections that wait for a lock at this moment. */
const WAITING = {
  postgres: (prefix: string) => sql<{ number: unknown }>`select count(*) as number
    from pg_stat_activity where wait_event_type = 'Lock' and query like ${`%${prefix}%`}`,
  mariadb: (prefix: string) => sql<{ number: unknown }>`select count(*) as number
    from information_schema.innodb_trx where trx_state = 'LOCK WAIT' and trx_query like ${`%${prefix}%`}`,
};

const waiting = async (name: DatabaseName, { db, prefix }: Prepared): Promise<number> => {
  const { rows } = await WAITING[name as keyof typeof WAITING](prefix).execute(db);
  return Number(rows[0]!.number);
};

const revisions = async (store: PresenceStore, ...users: string[]) =>
  (await store.load(users.map((user) => keyOf(user)))).items.map(({ record }) => record?.revision);

/** Somebody else's transaction, which goes on until it is told to end. */
const holding = (begin: (end: Promise<void>) => Promise<unknown>) => {
  let release = (): void => undefined;
  const end = new Promise<void>((resolve) => {
    release = resolve;
  });
  const ended = begin(end).catch(() => undefined);
  return async (): Promise<void> => {
    release();
    await ended;
  };
};

describe.each(SERVERS)('rows that others lock in %s', (name) => {
  describe.skipIf(missingSql(name))('for longer than a server waits', () => {
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

    const lockUser = (tx: Db, userId: string) =>
      sql`select revision from ${sqlParts(prepared).tables.user.name}
        where tenant = 'acme' and user_id = ${userId} for update`.execute(tx);

    /** Resolves when the row is locked, with what frees it. */
    const lock = (userId: string): Promise<() => Promise<void>> =>
      new Promise((resolve) => {
        const free = holding((end) =>
          other.transaction().execute(async (tx) => {
            await lockUser(tx, userId);
            resolve(() => free());
            await end;
          }),
        );
      });

    it('S10: a lock time-out is undone whole, and the commit is made afterwards', async () => {
      const parts = sqlParts(prepared);
      const { clock, random } = parts;
      const meaningOf = vi.fn(parts.dialect.meaningOf);
      const dialect = { ...parts.dialect, meaningOf };
      const attempts = createAttempts({ clock, random, dialect }, 20_000);
      const store = createSqlStore({ ...parts, attempts }, 1000);
      await store.due(0, 0);
      await accepted(store, writeOf('a'), writeOf('b'));
      const free = await lock('b');
      const written = store.commit([writeOf('a', { base: 1 }), writeOf('b', { base: 1 })]);
      await vi.waitFor(() => expect(meaningOf).toHaveReturnedWith('again'), WITHIN);
      await free();
      expect((await written).results).toEqual([{ ok: true }, { ok: true }]);
      expect(await revisions(store, 'a', 'b')).toEqual([2, 2]);
      await store.close();
    });

    it('S9: are 503 in time, keep no connection, and nothing is half written', async () => {
      const db = connect(name);
      const store = sqlStore({ db, prefix: prepared.prefix, deadlineMs: 1500 });
      await store.due(0, 0);
      await accepted(store, writeOf('c'), writeOf('d'));
      const free = await lock('d');
      const writes = [writeOf('c', { base: 1 }), writeOf('d', { base: 1 })];
      await expect(store.commit(writes)).rejects.toMatchObject({
        code: 'store_unavailable',
        retryAfterMs: 2000,
      });
      await vi.waitFor(async () => expect(await waiting(name, prepared)).toBe(0), WITHIN);
      expect(await revisions(store, 'c', 'd')).toEqual([1, 1]);
      await free();
      await accepted(store, ...writes);
      await store.close();
      await db.destroy();
    });

    it('S19: a server that stands still in a transaction keeps others from its rows for a moment only', async () => {
      const store = createSqlStore(sqlParts(prepared), 1000);
      const { dialect } = sqlParts(prepared);
      await store.due(0, 0);
      await accepted(store, writeOf('e'));
      let isHeld = false;
      const free = holding((end) =>
        dialect.transaction(other, async (tx) => {
          await lockUser(tx, 'e');
          isHeld = true;
          await end;
        }),
      );
      await vi.waitFor(() => expect(isHeld).toBe(true), WITHIN);
      await accepted(store, writeOf('e', { base: 1 }));
      await free();
      await store.close();
    });

    it('an application finds the settings of its connections as it left them', async () => {
      if (name === 'postgres') return;
      const { dialect } = sqlParts(prepared);
      const limits = async (db: Db) =>
        (
          await sql`select @@session.innodb_lock_wait_timeout as waits,
            @@session.idle_transaction_timeout as idles`.execute(db)
        ).rows;
      await prepared.db.connection().execute(async (db) => {
        await sql`set session innodb_lock_wait_timeout = 37, idle_transaction_timeout = 41`.execute(
          db,
        );
        const mine = [{ waits: 37, idles: 41 }];
        const theirs = [{ waits: 1, idles: 2 }];
        expect(await dialect.transaction(db, limits)).toEqual(theirs);
        expect(await limits(db)).toEqual(mine);
        const failing = dialect.transaction(db, () => Promise.reject(new Error('no')));
        await expect(failing).rejects.toThrow('no');
        expect(await limits(db)).toEqual(mine);
      });
    });
  });
});

describe('a file of SQLite that another process writes to', () => {
  const folder = mkdtempSync(join(tmpdir(), 'presence-busy-'));
  const open = (): Db => {
    const database = nodeSqlite(new DatabaseSync(join(folder, 'presence.db')));
    return new Kysely<unknown>({ dialect: new SqliteDialect({ database }) });
  };
  const [db, other] = [open(), open()];
  beforeAll(() => migrate(db));
  afterAll(async () => {
    await Promise.all([db.destroy(), other.destroy()]);
    rmSync(folder, { recursive: true });
  });

  const begin = () =>
    new Promise<() => Promise<void>>((resolve) => {
      const free = holding((end) =>
        other.connection().execute(async (connection) => {
          await sql`begin immediate`.execute(connection);
          resolve(() => free());
          await end;
          await sql`rollback`.execute(connection);
        }),
      );
    });

  it('S9: is waited for, and 503 in time where that takes too long; nothing is half written', async () => {
    const store = sqlStore({ db, deadlineMs: 1000 });
    await store.due(0, 0);
    await accepted(store, writeOf('a'), writeOf('b'));
    const free = await begin();
    const writes = [writeOf('a', { base: 1 }), writeOf('b', { base: 1 })];
    await expect(store.commit(writes)).rejects.toMatchObject({ code: 'store_unavailable' });
    expect(await revisions(store, 'a', 'b')).toEqual([1, 1]);
    await free();
    const freeAgain = await begin();
    const written = accepted(sqlStore({ db, deadlineMs: 20_000 }), ...writes);
    setImmediate(() => void freeAgain());
    await written;
    expect(await revisions(store, 'a', 'b')).toEqual([2, 2]);
    await store.close();
  });
});

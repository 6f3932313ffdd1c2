import { Kysely, PostgresDialect, sql, SqliteDialect } from 'kysely';
import { DatabaseSync } from 'node:sqlite';
import { Pool } from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { missingSql, prepare, urlOf, type Prepared } from '../../../../test-fixtures/sql.ts';
import { accepted, commit, keyOf, writeOf } from '../../../testing/suite/writes.ts';
import type { PresenceStore } from '../../store.ts';
import type { Db } from '../dialect.ts';
import { nodeSqlite } from '../node-sqlite.ts';
import { sqlStore } from '../sql-store.ts';

/** So seldom that whatever is heard was not polled. */
const NEVER_MS = 3_600_000;
const WITHIN = { timeout: 20_000, interval: 10 };

interface Node {
  readonly db: Db;
  readonly store: PresenceStore;
  readonly pool: Pool;
  close(): Promise<void>;
}

describe.skipIf(missingSql('postgres'))('listening on Postgres', () => {
  let prepared: Prepared;
  let nodes: Node[];
  beforeAll(async () => {
    prepared = await prepare('postgres');
  });
  afterAll(() => prepared.dispose());
  beforeEach(() => {
    nodes = [];
  });
  afterEach(async () => {
    await Promise.all(nodes.map((node) => node.close()));
  });

  const open = (): Node => {
    const pool = new Pool({ connectionString: urlOf('postgres'), max: 4 });
    const db = new Kysely<unknown>({ dialect: new PostgresDialect({ pool }) });
    const store = sqlStore({ db, prefix: prepared.prefix, listen: pool, pollMs: NEVER_MS });
    const close = async (): Promise<void> => {
      await store.close();
      await db.destroy();
    };
    const node = { db, store, pool, close };
    nodes.push(node);
    return node;
  };

  const channel = (): string => `${prepared.prefix}feed`;

  /** Connections that listen, as the database knows them. */
  const listeners = async (): Promise<number[]> => {
    const { rows } = await sql<{ pid: number }>`select pid from pg_stat_activity
      where query = ${`listen "${channel()}"`} and state = 'idle'`.execute(prepared.db);
    return rows.map(({ pid }) => pid);
  };

  const terminate = (pid: number): Promise<unknown> =>
    sql`select pg_terminate_backend(${pid})`.execute(prepared.db);

  /** Users of whom was heard, and gaps. */
  const listening = async ({ store }: Node, tenant: string) => {
    const heard: string[] = [];
    await store.subscribe([tenant], {
      change: ({ key }) => heard.push(key.userId),
      signal: ({ message }) => heard.push(String(message)),
      gap: () => heard.push('gap'),
    });
    await vi.waitFor(async () => expect(await listeners()).not.toEqual([]), WITHIN);
    return heard;
  };

  it('L3: a node hears of commits and signals of another without asking', async () => {
    const [one, two] = [open(), open()];
    await one.store.due(0, 0);
    const heard = await listening(one, 'heard');
    await accepted(two.store, writeOf('ada', { tenant: 'heard' }));
    await two.store.signal('heard', 'typing');
    await vi.waitFor(() => expect(heard).toEqual(['ada', 'typing']), WITHIN);
  });

  it('S7, L4: a connection that was cut is opened again, and what was missed meanwhile is told once', async () => {
    const [one, two] = [open(), open()];
    await one.store.due(0, 0);
    const heard = await listening(one, 'cut');
    const before = await listeners();
    for (const pid of before) await terminate(pid);
    await accepted(two.store, writeOf('meanwhile', { tenant: 'cut' }));
    await vi.waitFor(() => expect(heard).toEqual(['meanwhile']), WITHIN);
    const after = await listeners();
    expect(after.filter((pid) => before.includes(pid))).toEqual([]);
    await accepted(two.store, writeOf('afterwards', { tenant: 'cut' }));
    await vi.waitFor(() => expect(heard).toEqual(['meanwhile', 'afterwards']), WITHIN);
  });

  it('S7, L4: polling finds what is told while nobody can listen', async () => {
    const warn = vi.fn();
    const other = open();
    const logger = { debug: warn, info: warn, warn, error: warn };
    const listen = { connect: () => Promise.reject(new Error('full')), on: () => undefined };
    const { prefix } = prepared;
    const deaf = sqlStore({ db: other.db, prefix, listen, pollMs: 20, logger });
    await deaf.due(0, 0);
    const heard: string[] = [];
    await deaf.subscribe(['deaf'], {
      change: ({ key }) => heard.push(key.userId),
      signal: () => undefined,
      gap: () => heard.push('gap'),
    });
    await accepted(other.store, writeOf('ada', { tenant: 'deaf' }));
    await vi.waitFor(() => expect(heard).toEqual(['ada']), WITHIN);
    await vi.waitFor(() => expect(warn.mock.calls.length).toBeGreaterThan(1), WITHIN);
    await deaf.close();
  });

  it('a connection that is cut in a transaction fails what was asked, and ends no process', async () => {
    const { db, store } = open();
    await store.due(0, 0);
    const cut = db.transaction().execute(async (tx) => {
      const { rows: mine } = await sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(tx);
      await terminate(mine[0]!.pid);
      // Nothing is under way on it when it goes.
      await vi.waitFor(async () => {
        const { rows: left } = await sql`select 1 from pg_stat_activity
          where pid = ${mine[0]!.pid}`.execute(prepared.db);
        expect(left).toEqual([]);
      }, WITHIN);
      await sql`select 1`.execute(tx);
    });
    await expect(cut).rejects.toThrow();
    expect((await commit(store, writeOf('after', { tenant: 'process' }))).ok).toBe(true);
    expect((await store.load([keyOf('after', 'process')])).items[0]!.record).not.toBeNull();
  });

  it('takes a pool of pg and a Postgres, and says so otherwise', () => {
    const { db } = open();
    expect(() => sqlStore({ db, listen: {} as never })).toThrow('listen must be a Pool of pg');
    const database = nodeSqlite(new DatabaseSync(':memory:'));
    const lite = new Kysely<unknown>({ dialect: new SqliteDialect({ database }) });
    const { pool } = nodes[0]!;
    expect(() => sqlStore({ db: lite, listen: pool })).toThrow('listen is for Postgres');
  });
});

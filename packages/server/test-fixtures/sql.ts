import { PGlite } from '@electric-sql/pglite';
import { createSeededRandom, type VirtualClock } from '@presence/core/testing';
import Database from 'better-sqlite3';
import {
  Kysely,
  MysqlDialect,
  PGliteDialect,
  PostgresDialect,
  sql,
  SqliteDialect,
  type Logger,
} from 'kysely';
import { createPool } from 'mysql2';
import { DatabaseSync } from 'node:sqlite';
import { Pool } from 'pg';
import { inject } from 'vitest';
import { createAttempts } from '../src/stores/sql/attempts.ts';
import { createSqlStore } from '../src/stores/sql/create-store.ts';
import type { Db } from '../src/stores/sql/dialect.ts';
import { migrate, migrateDown } from '../src/stores/sql/migrations/migrate.ts';
import { nodeSqlite } from '../src/stores/sql/node-sqlite.ts';
import type { Parts } from '../src/stores/sql/parts.ts';
import { dialectOf, placeOf } from '../src/stores/sql/place.ts';
import { createTables } from '../src/stores/sql/tables.ts';
import { createTexts } from '../src/stores/sql/text.ts';
import { systemClock } from '../src/system-clock.ts';
import { systemRandom } from '../src/system-random.ts';
import type { StoreUnderTest } from '../src/testing/index.ts';

export type DatabaseName = 'postgres' | 'pglite' | 'mariadb' | 'node:sqlite' | 'better-sqlite3';

type Service = 'postgres' | 'mariadb';

/** Why the tests cannot run here, for `describe.skipIf`; undefined where they can. */
export const missingSql = (name: DatabaseName): string | undefined => {
  if (name !== 'postgres' && name !== 'mariadb') return undefined;
  const found = inject(name);
  return 'missing' in found ? found.missing : undefined;
};

export const urlOf = (name: Service): string => {
  const found = inject(name);
  if ('missing' in found) throw new Error(found.missing);
  return found.service;
};

const ignore = (): void => undefined;

const POOL = 6;

/** What an application may have set for all transactions of its pool. */
export type Isolation = 'read committed' | 'repeatable read' | 'serializable';

const onPostgres = (url: string, isolation?: Isolation): PostgresDialect => {
  const options = isolation && `-c default_transaction_isolation=${isolation.replace(' ', '\\ ')}`;
  const pool = new Pool({ connectionString: url, max: POOL, options });
  pool.on('error', ignore);
  pool.on('connect', (client) => void client.on('error', ignore));
  return new PostgresDialect({ pool });
};

const dialects = {
  postgres: (isolation?: Isolation) => onPostgres(urlOf('postgres'), isolation),
  mariadb: (isolation?: Isolation) => {
    const pool = createPool({ uri: urlOf('mariadb'), connectionLimit: POOL });
    pool.on('connection', (connection) => {
      if (isolation) connection.query(`set session transaction isolation level ${isolation}`);
    });
    return new MysqlDialect({ pool });
  },
  pglite: () => new PGliteDialect({ pglite: new PGlite() }),
  'node:sqlite': () => new SqliteDialect({ database: nodeSqlite(new DatabaseSync(':memory:')) }),
  'better-sqlite3': () => new SqliteDialect({ database: new Database(':memory:') }),
} as const;

/** @param log hears of each statement */
export const connect = (name: DatabaseName, log?: Logger, isolation?: Isolation): Db =>
  new Kysely<unknown>({ dialect: dialects[name](isolation), ...(log && { log }) });

/** A connection with migrated tables of its own. */
export interface Prepared {
  readonly db: Db;
  readonly prefix: string;
  /** Drops the tables and closes the connection. */
  dispose(): Promise<void>;
}

const newId = (): string =>
  systemRandom
    .id()
    .replaceAll(/[^a-z0-9]/gi, '')
    .toLowerCase()
    .slice(0, 12);

const prepareOn = async (db: Db): Promise<Prepared> => {
  const prefix = `t${newId()}_`;
  await migrate(db, { prefix });
  return {
    db,
    prefix,
    dispose: async () => {
      await migrateDown(db, { prefix, all: true });
      await db.destroy();
    },
  };
};

export const prepare = (
  name: DatabaseName,
  log?: Logger,
  isolation?: Isolation,
): Promise<Prepared> => prepareOn(connect(name, log, isolation));

/**
 * The same in a database of its own on Postgres. Where others have transactions open in a database, no vacuum makes its tables
 * such that an index alone says who is there, and plans are others.
 */
export const prepareAlone = async (log: Logger): Promise<Prepared> => {
  const server = connect('postgres');
  const name = `alone_${newId()}`;
  await sql`create database ${sql.id(name)}`.execute(server);
  const url = new URL(urlOf('postgres'));
  url.pathname = `/${name}`;
  const prepared = await prepareOn(new Kysely<unknown>({ dialect: onPostgres(url.href), log }));
  return {
    ...prepared,
    dispose: async () => {
      await prepared.dispose();
      await sql`drop database ${sql.id(name)}`.execute(server);
      await server.destroy();
    },
  };
};

/** A store on the database's clock, with what a test changes of it. */
export const sqlParts = ({ db, prefix }: Prepared, changed: Partial<Parts> = {}): Parts => {
  const dialect = dialectOf(db);
  const [clock, random] = [systemClock, createSeededRandom(1)];
  return {
    db,
    dialect,
    tables: createTables(placeOf({ prefix })),
    texts: createTexts(dialect.longestKey),
    now: () => dialect.clock,
    pulseMs: 0,
    channel: null,
    attempts: createAttempts({ clock, random, dialect }, 20_000),
    clock,
    random,
    logger: { debug: ignore, info: ignore, warn: ignore, error: ignore },
    ...changed,
  };
};

const empty = async ({ db, prefix }: Prepared): Promise<void> => {
  const { place: _, ...tables } = createTables(placeOf({ prefix }));
  for (const { name } of Object.values(tables)) await sql`delete from ${name}`.execute(db);
};

/** An empty store for the conformance suite, on virtual time. */
export const createSuiteStore = async (
  prepared: Prepared,
  clock: VirtualClock,
  changed: Partial<Parts> = {},
): Promise<StoreUnderTest> => {
  await empty(prepared);
  const parts = sqlParts(prepared, { now: () => sql.lit(clock.now()), ...changed });
  return { store: createSqlStore(parts, 50) };
};

/** Lets what is under way arrive. */
export const flush = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 2));

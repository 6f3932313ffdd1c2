import { isPresenceError } from '@presence/core';
import { existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import {
  Kysely,
  MysqlDialect,
  PostgresDialect,
  SqliteDialect,
  type Dialect,
  type SqliteDatabase,
} from 'kysely';
import { nodeSqlite } from '../../stores/sql/node-sqlite.ts';
import { refused } from '../failures.ts';
import type { Address } from './url.ts';
import { ifThere, needing } from './packages.ts';

const CONNECTIONS = 4;
const CONNECT_MS = 10_000;

const ignore = (): void => undefined;

const postgres = async (url: string): Promise<Dialect> => {
  const { default: pg } = await needing('pg', () => import('pg'));
  const pool = new pg.Pool({
    connectionString: url,
    max: CONNECTIONS,
    connectionTimeoutMillis: CONNECT_MS,
    application_name: 'presence',
  });
  // Of connections at rest; whoever asks on one sees the failure for themselves.
  pool.on('error', ignore);
  return new PostgresDialect({ pool });
};

const mysql = async (url: string): Promise<Dialect> => {
  const { createPool } = await needing('mysql2', () => import('mysql2'));
  const pool = createPool({
    uri: url,
    connectionLimit: CONNECTIONS,
    connectTimeout: CONNECT_MS,
  });
  return new MysqlDialect({ pool });
};

/** Only a migration makes a file: whoever looks at one that is not there has mistyped its name. */
const checkFile = (file: string, mayCreate: boolean): void => {
  if (existsSync(file)) return;
  const folder = dirname(resolve(file));
  if (!existsSync(folder)) throw refused(`There is no folder ${folder}. Make it first.`);
  if (!mayCreate) throw refused(`There is no file ${resolve(file)}. Run: presence migrate`);
};

const sqliteOf = async (file: string): Promise<SqliteDatabase> => {
  const builtIn = await ifThere(() => import('node:sqlite'));
  if (builtIn) return nodeSqlite(new builtIn.DatabaseSync(file));
  const { default: Database } = await needing(
    'better-sqlite3, or use Node 22.13 or newer',
    () => import('better-sqlite3'),
  );
  const database = new Database(file);
  database.pragma('journal_mode = wal');
  return database;
};

const sqlite = async (file: string): Promise<Dialect> => {
  let database: SqliteDatabase;
  try {
    database = await sqliteOf(file);
  } catch (error) {
    if (isPresenceError(error)) throw error;
    throw refused(`${resolve(file)} cannot be opened as a database of SQLite.`, error);
  }
  return new SqliteDialect({ database });
};

/** @throws PresenceError `invalid_options` where the driver is missing, or the file */
export const connect = async (
  { kind, url }: Address,
  { mayCreate }: { readonly mayCreate: boolean },
): Promise<Kysely<unknown>> => {
  if (kind === 'postgres') return new Kysely({ dialect: await postgres(url) });
  if (kind === 'mysql') return new Kysely({ dialect: await mysql(url) });
  checkFile(url, mayCreate);
  return new Kysely({ dialect: await sqlite(url) });
};

import { DatabaseSync } from 'node:sqlite';
import { nodeSqlite } from '@presence/server/sql';
import { Kysely, MysqlDialect, PostgresDialect, SqliteDialect } from 'kysely';
import { createPool } from 'mysql2';
import { Pool } from 'pg';
import type { DatabaseAddress } from './settings.ts';

const CONNECTIONS = 8;

/** The database as an application opens it, with the pool that listens where there is one. */
export const openDatabase = ({ kind, address }: DatabaseAddress) => {
  if (kind === 'SQLite') {
    const database = nodeSqlite(new DatabaseSync(address));
    return { db: new Kysely<unknown>({ dialect: new SqliteDialect({ database }) }) };
  }
  if (kind === 'MariaDB') {
    const pool = createPool({ uri: address, connectionLimit: CONNECTIONS });
    return { db: new Kysely<unknown>({ dialect: new MysqlDialect({ pool }) }) };
  }
  const listen = new Pool({ connectionString: address, max: CONNECTIONS });
  return { db: new Kysely<unknown>({ dialect: new PostgresDialect({ pool: listen }) }), listen };
};

// Databases of the benchmark's own: a Postgres as it is out of the box, and a SQLite file.
import { createPool } from 'mysql2';
import { Kysely, MysqlDialect, PostgresDialect, SqliteDialect } from 'kysely';
import { mkdtempSync, rmSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Pool } from 'pg';
import { migrate, nodeSqlite } from '@presence/server/sql';
import { startMariadb } from '../../tests/services/mariadb.ts';
import { startPostgres } from '../../tests/services/postgres.ts';

export interface BenchDatabase {
  readonly name: 'Postgres' | 'SQLite' | 'MariaDB';
  readonly db: Kysely<unknown>;
  stop(): Promise<void>;
}

const CONNECTIONS = 20;

/** A connection of this process to a Postgres that runs. */
export const connectPostgres = (url: string): Kysely<unknown> => {
  const pool = new Pool({ connectionString: url, max: CONNECTIONS });
  pool.on('error', () => undefined);
  return new Kysely<unknown>({ dialect: new PostgresDialect({ pool }) });
};

export const openPostgres = async (): Promise<BenchDatabase & { readonly url: string }> => {
  const server = await startPostgres();
  const db = connectPostgres(server.url);
  await migrate(db);
  return {
    name: 'Postgres',
    url: server.url,
    db,
    stop: async () => {
      await db.destroy();
      await server.stop();
    },
  };
};

export const openMariadb = async (): Promise<BenchDatabase> => {
  const server = await startMariadb();
  const pool = createPool({ uri: server.url, connectionLimit: CONNECTIONS });
  const db = new Kysely<unknown>({ dialect: new MysqlDialect({ pool }) });
  await migrate(db);
  return {
    name: 'MariaDB',
    db,
    stop: async () => {
      await db.destroy();
      await server.stop();
    },
  };
};

export const openSqlite = async (): Promise<BenchDatabase> => {
  const folder = mkdtempSync(join(tmpdir(), 'presence-bench-'));
  const database = nodeSqlite(new DatabaseSync(join(folder, 'presence.db')));
  const db = new Kysely<unknown>({ dialect: new SqliteDialect({ database }) });
  await migrate(db);
  return {
    name: 'SQLite',
    db,
    stop: async () => {
      await db.destroy();
      rmSync(folder, { recursive: true, force: true });
    },
  };
};

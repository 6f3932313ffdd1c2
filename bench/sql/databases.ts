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

export const openPostgres = async (): Promise<BenchDatabase> => {
  const server = await startPostgres();
  const pool = new Pool({ connectionString: server.url, max: CONNECTIONS });
  pool.on('error', () => undefined);
  const db = new Kysely<unknown>({ dialect: new PostgresDialect({ pool }) });
  await migrate(db);
  return {
    name: 'Postgres',
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

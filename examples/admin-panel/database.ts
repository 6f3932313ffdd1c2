import { relative, resolve } from 'node:path';
import { sqliteFile } from '@presence/example-shared/sqlite.ts';
import type { ListenPool } from '@presence/server/sql';
import { Kysely, PostgresDialect } from 'kysely';
import pg from 'pg';
import type { Tables } from './tables.ts';

/** The application's own database: its users, and beside them the tables of presence. */
export interface Database {
  readonly db: Kysely<Tables>;
  readonly kind: 'sqlite' | 'postgres';
  /** For the greeting, without a login: `the file panel.db`. */
  readonly shown: string;
  /** On Postgres servers hear of each other's changes over it. */
  readonly listen?: ListenPool;
}

const inSqlite = (file: string): Database => ({
  db: new Kysely({ dialect: sqliteFile(file) }),
  kind: 'sqlite',
  shown: `the file ${relative(process.cwd(), file)}`,
});

const inPostgres = (url: string): Database => {
  const pool = new pg.Pool({ connectionString: url });
  pool.on('error', (error) => console.error(`Postgres: ${error.message}`));
  const { host, pathname } = new URL(url);
  return {
    db: new Kysely({ dialect: new PostgresDialect({ pool }) }),
    kind: 'postgres',
    shown: `Postgres at ${host}${pathname}`,
    listen: pool,
  };
};

/** @throws Error for an address that is neither `sqlite:<file>` nor `postgres://…` */
export const openDatabase = (url: string): Database => {
  const [, file] = /^sqlite:(?:\/\/)?(.+)$/.exec(url) ?? [];
  if (file !== undefined) return inSqlite(resolve(file));
  if (/^postgres(ql)?:/.test(url)) return inPostgres(url);
  throw new Error('PANEL_DATABASE_URL must begin with sqlite: or postgres:.');
};

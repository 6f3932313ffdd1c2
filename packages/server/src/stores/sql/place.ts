import type { Kysely } from 'kysely';
import { MysqlAdapter, PostgresAdapter, SqliteAdapter } from 'kysely';
import type { Dialect } from './dialect.ts';
import { mysql } from './dialects/mysql.ts';
import { postgres } from './dialects/postgres.ts';
import { sqlite } from './dialects/sqlite.ts';
import { invalid } from './failures.ts';
import type { Place } from './tables.ts';

/** Where the store's tables stand, and in what kind of database. */
export interface PlaceOptions {
  /** Begins the name of each table. Default `presence_`. */
  readonly prefix?: string;
  /** Schema of the tables on Postgres, database on MySQL. Default: where the connection looks first. */
  readonly schema?: string;
  /** Default: told by the dialect of `db`. To be named where that one is not Kysely's own. */
  readonly dialect?: Dialect['name'];
}

const DIALECTS = Object.freeze({ postgres, mysql, sqlite });

const NAME = /^[a-z_][a-z0-9_]{0,30}$/;

/** @throws PresenceError `invalid_options` */
export const placeOf = ({ prefix = 'presence_', schema }: PlaceOptions): Place => {
  for (const [option, name] of Object.entries({ prefix, schema })) {
    if (name !== undefined && !NAME.test(name)) {
      throw invalid(
        `${option} must be at most 31 lower-case letters, digits and underscores: saw ${JSON.stringify(name)}.`,
      );
    }
  }
  return { prefix, schema };
};

/** @throws PresenceError `invalid_options` where it is no Kysely, or one of an unknown database */
export const dialectOf = <Schema>(db: Kysely<Schema>, named?: Dialect['name']): Dialect => {
  if (typeof db?.getExecutor !== 'function') {
    throw invalid('db must be an instance of Kysely 0.29 or newer: new Kysely({ dialect }).');
  }
  if (named !== undefined) {
    if (Object.hasOwn(DIALECTS, named)) return DIALECTS[named];
    throw invalid(
      `dialect must be one of ${Object.keys(DIALECTS).join(', ')}: saw ${JSON.stringify(named)}.`,
    );
  }
  const { adapter } = db.getExecutor();
  if (adapter instanceof PostgresAdapter) return postgres;
  if (adapter instanceof MysqlAdapter) return mysql;
  if (adapter instanceof SqliteAdapter) return sqlite;
  throw invalid(
    'The database of db is unknown. Name it: dialect: "postgres", "mysql" or "sqlite".',
  );
};

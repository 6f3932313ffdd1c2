import { sql, type RawBuilder } from 'kysely';
import type { Db, Dialect } from '../dialect.ts';
import { nameOf, type Place } from '../tables.ts';
import type { Ground } from './migrations.ts';

/*
 * The table that says which migrations a database has. What is there already is not made again: an application's user may lack
 * the right to make anything, and has no need of it where there is nothing to do.
 */

/** Names of migrations, in order. */
export interface Marks {
  readonly applied: readonly string[];
  /** Neither applied nor undone as a whole: a database that cannot undo what was done to tables was left in the middle. */
  readonly begun: readonly string[];
}

const NONE: Marks = Object.freeze({ applied: [], begun: [] });

/** Instead of the instant at which a migration was applied. */
const BEGUN = sql`0`;

const tableOf = (place: Place) => sql.table(nameOf(place, 'migration'));

type Question = (place: Place) => RawBuilder<unknown>;

/** One row where the table is there. */
const TABLE: Readonly<Record<Dialect['name'], Question>> = Object.freeze({
  // By its rows: what is found by a name may be of before the transaction, which waited for the lock since.
  postgres: ({
    prefix,
    schema,
  }) => sql`select 1 from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where c.relname = ${`${prefix}migration`} and c.relkind in ('r', 'p')
      and ${schema === undefined ? sql`pg_table_is_visible(c.oid)` : sql`n.nspname = ${schema}`}`,
  mysql: ({ prefix, schema = null }) => sql`select 1 from information_schema.tables
    where table_schema = coalesce(${schema}, database()) and table_name = ${`${prefix}migration`}`,
  sqlite: ({ prefix, schema = 'main' }) =>
    sql`select 1 from ${sql.id(schema, 'sqlite_schema')} where name = ${`${prefix}migration`}`,
});

/** One row where the schema is there. */
const SCHEMA: Readonly<Record<Dialect['name'], (schema: string) => RawBuilder<unknown>>> =
  Object.freeze({
    postgres: (schema) => sql`select 1 from pg_namespace where nspname = ${schema}`,
    mysql: (schema) => sql`select 1 from information_schema.schemata where schema_name = ${schema}`,
    sqlite: (schema) => sql`select 1 from pragma_database_list where name = ${schema}`,
  });

const isThere = async (db: Db, question: RawBuilder<unknown>): Promise<boolean> =>
  (await question.execute(db)).rows.length > 0;

const hasTable = (db: Db, dialect: Dialect, place: Place): Promise<boolean> =>
  isThere(db, TABLE[dialect.name](place));

/** What the table says; nothing is applied where there is none. */
export const readMarks = async (db: Db, dialect: Dialect, place: Place): Promise<Marks> => {
  if (!(await hasTable(db, dialect, place))) return NONE;
  const { rows } = await sql<{ name: string; at: unknown }>`select name, applied_at as at
    from ${tableOf(place)} order by name`.execute(db);
  const namesOf = (isApplied: boolean) =>
    rows.filter(({ at }) => Number(at) > 0 === isApplied).map(({ name }) => name);
  return { applied: namesOf(true), begun: namesOf(false) };
};

/** Makes the table, and the schema that it is to stand in. */
export const makeTable = async ({ db, dialect, tables: { place } }: Ground): Promise<void> => {
  if (await hasTable(db, dialect, place)) return;
  const { schema } = place;
  if (schema !== undefined && !(await isThere(db, SCHEMA[dialect.name](schema))))
    await sql`create schema if not exists ${sql.id(schema)}`.execute(db);
  await sql`create table if not exists ${tableOf(place)}
    (name varchar(100) not null primary key, applied_at bigint not null)`.execute(db);
};

export const dropTable = async ({ db, tables }: Ground): Promise<void> => {
  await sql`drop table ${tableOf(tables.place)}`.execute(db);
};

export const unmark = async ({ db, tables }: Ground, name: string): Promise<void> => {
  await sql`delete from ${tableOf(tables.place)} where name = ${name}`.execute(db);
};

const mark = async (ground: Ground, name: string, at: RawBuilder<unknown>): Promise<void> => {
  await unmark(ground, name);
  await sql`insert into ${tableOf(ground.tables.place)} (name, applied_at)
    values (${name}, ${at})`.execute(ground.db);
};

export const markApplied = (ground: Ground, name: string): Promise<void> =>
  mark(ground, name, ground.dialect.clock);

/** Where a failure on the way would leave tables behind. */
export const markBegun = async (ground: Ground, name: string): Promise<void> => {
  if (!ground.dialect.undoesTables) await mark(ground, name, BEGUN);
};

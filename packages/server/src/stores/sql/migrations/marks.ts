import { sql, type RawBuilder } from 'kysely';
import type { Dialect } from '../dialect.ts';
import { nameOf, type Place } from '../tables.ts';
import type { Ground } from './migrations.ts';

/*
 * The table that says which migrations a database has.
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

/** One row where the schema is there. */
const SCHEMA: Readonly<Record<Dialect['name'], (schema: string) => RawBuilder<unknown>>> =
  Object.freeze({
    postgres: (schema) => sql`select 1 from pg_namespace where nspname = ${schema}`,
    mysql: (schema) => sql`select 1 from information_schema.schemata where schema_name = ${schema}`,
    sqlite: (schema) => sql`select 1 from pragma_database_list where name = ${schema}`,
  });

const hasSchema = async ({ db, dialect }: Ground, schema: string): Promise<boolean> =>
  (await SCHEMA[dialect.name](schema).execute(db)).rows.length > 0;

/** What the table says; nothing is applied where there is none. Outside of a transaction: that would end with it on Postgres. */
export const readMarks = async ({ db, dialect, tables }: Ground): Promise<Marks> => {
  try {
    const { rows } = await sql<{ name: string; at: unknown }>`select name, applied_at as at
      from ${tableOf(tables.place)} order by name`.execute(db);
    const namesOf = (isApplied: boolean) =>
      rows.filter(({ at }) => Number(at) > 0 === isApplied).map(({ name }) => name);
    return { applied: namesOf(true), begun: namesOf(false) };
  } catch (error) {
    if (dialect.meaningOf(error) !== 'missing') throw error;
    return NONE;
  }
};

/** Makes the table, and the schema that it is to stand in. One that is there is not asked for: that takes a right of its own. */
export const makeTable = async (ground: Ground): Promise<void> => {
  const { db, tables } = ground;
  const { schema } = tables.place;
  if (schema !== undefined && !(await hasSchema(ground, schema)))
    await sql`create schema if not exists ${sql.id(schema)}`.execute(db);
  await sql`create table if not exists ${tableOf(tables.place)}
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

import { sql, type RawBuilder } from 'kysely';
import { invalid } from '../failures.ts';
import type { Db, Dialect } from '../dialect.ts';
import { kindOf } from './kinds.ts';
import { ALIAS, type Column } from './types.ts';

/** The application's table, as the database describes it. */
export interface SourceTable {
  /** `users as d` */
  readonly from: RawBuilder<unknown>;
  column(name: string): Column;
}

interface ColumnRow {
  readonly name: string;
  readonly type: string;
  readonly nullable: unknown;
}

interface Name {
  readonly schema: string | undefined;
  readonly table: string;
}

const nameOf = (text: string): Name => {
  const [first = '', second] = text.split('.');
  return second === undefined
    ? { schema: undefined, table: first }
    : { schema: first, table: second };
};

const STANDARD = sql`select column_name as name, data_type as type, case is_nullable when 'YES' then 1 else 0 end as nullable
  from information_schema.columns`;

/** Where the connection looks first, unless a schema is named. */
const DESCRIBED: Readonly<Record<Dialect['name'], (name: Name) => RawBuilder<ColumnRow>>> = {
  postgres: ({ schema, table }) => sql`${STANDARD} where table_name = ${table} and table_schema =
    coalesce(${schema ?? null}::text, (select n.nspname::text from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where c.oid = to_regclass(quote_ident(${table}))))`,
  mysql: ({ schema, table }) =>
    sql`${STANDARD} where table_name = ${table} and table_schema = coalesce(${schema ?? null}, database())`,
  sqlite: ({ schema, table }) =>
    sql`select name, type, case when ${sql.ref('notnull')} = 1 or pk = 1 then 0 else 1 end as nullable
      from pragma_table_info(${table}, ${schema ?? 'main'})`,
};

/**
 * Asks the database what the table is like.
 *
 * @throws PresenceError `invalid_options` where there is no such table, or a column is asked for that it does not have
 */
export const describeTable = async (
  db: Db,
  dialect: Dialect,
  text: string,
): Promise<SourceTable> => {
  const { rows } = await DESCRIBED[dialect.name](nameOf(text)).execute(db);
  if (rows.length === 0) {
    throw invalid(
      `There is no table or view ${JSON.stringify(text)} that this connection may read. Name the one with your users, with its schema where it is not found without: table: "app.users".`,
    );
  }
  const columns = new Map(
    rows.map(({ name, type, nullable }): [string, Column] => [
      name,
      {
        name,
        kind: kindOf(dialect, type),
        isNullable: Number(nullable) === 1,
        ref: sql.ref(`${ALIAS}.${name}`),
      },
    ]),
  );
  return {
    from: sql`${sql.table(text)} as ${sql.ref(ALIAS)}`,
    column: (name) => {
      const column = columns.get(name);
      if (column) return column;
      throw invalid(
        `The table ${JSON.stringify(text)} has no column ${JSON.stringify(name)}. It has: ${[...columns.keys()].join(', ')}.`,
      );
    },
  };
};

import { sql, type RawBuilder } from 'kysely';
import { invalid } from '../failures.ts';
import type { Db, Dialect } from '../dialect.ts';
import { kindOf } from './kinds.ts';
import { ALIAS, type Column } from './types.ts';

/** The application's table, as the database describes it. */
export interface SourceTable {
  /** `users as d` */
  readonly from: RawBuilder<unknown>;
  /** @throws PresenceError `invalid_options` where there is none, or no text can be told from what it holds */
  column(name: string): Column;
}

interface ColumnRow {
  readonly name: string;
  readonly type: string;
  readonly nullable: unknown;
  readonly exact: unknown;
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

const standard = (
  exact: RawBuilder<unknown>,
) => sql<ColumnRow>`select column_name as name, data_type as type,
  case is_nullable when 'YES' then 1 else 0 end as nullable, ${exact} as exact from information_schema.columns`;

/** Texts that a collation of Postgres takes for the same are the same bytes, unless somebody made one that says otherwise. */
const IS_DETERMINISTIC = sql`case when exists (select 1 from pg_collation
  where collname = collation_name and not collisdeterministic) then 0 else 1 end`;

/** Where the connection looks first, unless a schema is named. */
const DESCRIBED: Readonly<Record<Dialect['name'], (name: Name) => RawBuilder<ColumnRow>>> = {
  postgres: ({ schema, table }) => sql`${standard(IS_DETERMINISTIC)}
    where table_name = ${table} and table_schema = coalesce(${schema ?? null}::text, (select n.nspname::text from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where c.oid = to_regclass(quote_ident(${table}))))`,
  mysql: ({ schema, table }) =>
    sql`${standard(sql`0`)} where table_name = ${table} and table_schema = coalesce(${schema ?? null}, database())`,
  sqlite: ({ schema, table }) =>
    sql`select name, type, case when ${sql.ref('notnull')} = 1 or pk = 1 then 0 else 1 end as nullable,
      0 as exact from pragma_table_info(${table}, ${schema ?? 'main'})`,
};

interface Typed extends Column {
  /** As the database calls it. */
  readonly type: string;
}

/** What makes a text of bytes. */
const WRITTEN: Readonly<Record<Dialect['name'], (name: string) => string>> = {
  postgres: (name) => `encode(${name}, 'hex')`,
  mysql: (name) => `bin_to_uuid(${name}) or hex(${name})`,
  sqlite: (name) => `hex(${name})`,
};

const notText = (dialect: Dialect, table: string, { name, type }: Typed) =>
  invalid(
    `The column ${JSON.stringify(name)} of ${JSON.stringify(table)} is of the type ${type.toLowerCase()}: no text can be told from bytes. Name a column of text, a number or a UUID, or a view that writes it as text: ${WRITTEN[dialect.name](name)}.`,
  );

/**
 * Asks the database what the table is like.
 *
 * @throws PresenceError `invalid_options` where there is no such table
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
    rows.map(({ name, type, nullable, exact }): [string, Typed] => [
      name,
      {
        name,
        type,
        kind: kindOf(dialect, type),
        isNullable: Number(nullable) === 1,
        isExact: Number(exact) === 1,
        ref: sql.ref(`${ALIAS}.${name}`),
      },
    ]),
  );
  return {
    from: sql`${sql.table(text)} as ${sql.ref(ALIAS)}`,
    column: (name) => {
      const column = columns.get(name);
      if (column?.kind === 'bytes') throw notText(dialect, text, column);
      if (column) return column;
      throw invalid(
        `The table ${JSON.stringify(text)} has no column ${JSON.stringify(name)}. It has: ${[...columns.keys()].join(', ')}.`,
      );
    },
  };
};

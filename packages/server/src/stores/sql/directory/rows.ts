import type { Account } from '@presence/core';
import { sql, type RawBuilder } from 'kysely';
import type { DirectoryUser } from '../../../admin/types.ts';
import type { Dialect, Db } from '../dialect.ts';
import type { AccountStates } from './account.ts';
import type { AskedStatus } from './asked-status.ts';
import { fits, oneOfIds, textOf, valueOf } from './kinds.ts';
import type { PresenceTables } from './presence-tables.ts';
import { holdsText } from './search.ts';
import type { SourceTable } from './source-table.ts';
import { ALIAS, type Column, type DirectoryColumns, type SearchOptions } from './types.ts';

/** The application's table with what the options say of it, looked up in the database. */
export interface Source {
  readonly db: Db;
  readonly dialect: Dialect;
  readonly table: SourceTable;
  readonly userId: Column;
  /** Without it all rows are of the tenant {@link Source.onlyTenant}. */
  readonly tenant: Column | undefined;
  readonly onlyTenant: string;
  readonly profile: Readonly<Partial<Record<keyof DirectoryColumns, Column>>>;
  readonly searched: readonly Column[];
  readonly match: SearchOptions['match'];
  readonly accounts: AccountStates;
  readonly presence: PresenceTables | null;
}

/** Which rows are asked for. */
export interface Wanted {
  readonly tenant: string;
  readonly search?: string | undefined;
  readonly account?: Account | undefined;
  /** Whoever truly has it is never left out; some who have not may be found as well. */
  readonly status?: AskedStatus | undefined;
}

export interface Listed {
  readonly user: DirectoryUser;
  /** Of the column that was asked for, as text. */
  readonly value: string | null;
  /** As it is written in the row: the table's collation may take another for it. */
  readonly tenant: string | null;
}

/** Whether any row can be of this tenant. */
export const hasTenant = ({ tenant, onlyTenant }: Source, asked: string): boolean =>
  tenant ? fits(tenant, asked) : asked === onlyTenant;

/** An id's bytes, whatever the table's own collation takes for the same. */
export const idText = ({ dialect, userId }: Source): RawBuilder<string> => {
  const text = textOf(dialect, userId);
  return dialect.name === 'postgres' ? sql`(${text})::text collate "C"` : text;
};

/** Whether rows of the application's table are of this tenant, where a column says so. */
export const tenantOf = (
  { dialect, tenant }: Source,
  { tenant: asked }: Pick<Wanted, 'tenant'>,
): readonly RawBuilder<boolean>[] =>
  tenant ? [sql<boolean>`${tenant.ref} = ${valueOf(dialect, tenant, asked)}`] : [];

/** What is asked of them besides. */
export const filtersOf = (
  source: Source,
  { search, account, status }: Omit<Wanted, 'tenant'>,
): readonly RawBuilder<boolean>[] => {
  const { dialect, searched, match, accounts } = source;
  const conditions: RawBuilder<boolean>[] = [];
  if (search !== undefined) conditions.push(holdsText(dialect, searched, search, match));
  if (account !== undefined) conditions.push(accounts.is(account));
  if (status) conditions.push(status.test(idText(source)));
  return conditions;
};

/** What finds a row besides its id; `null` where something is asked of its other columns. */
export const foundById = (source: Source, wanted: Wanted): readonly RawBuilder<boolean>[] | null =>
  wanted.search === undefined && wanted.account === undefined ? tenantOf(source, wanted) : null;

/** The conditions that rows of the application's table meet. */
export const conditionsOf = (source: Source, wanted: Wanted): readonly RawBuilder<boolean>[] => [
  ...tenantOf(source, wanted),
  ...filtersOf(source, wanted),
];

export const all = (conditions: readonly RawBuilder<boolean>[]): RawBuilder<unknown> =>
  conditions.length === 0 ? sql`` : sql`where ${sql.join(conditions, sql` and `)}`;

type Row = Readonly<Record<string, string | null>>;

const PROFILE = ['name', 'email', 'avatarUrl'] as const;

const selected = (source: Source, value: Column): RawBuilder<unknown> => {
  const { dialect, userId, tenant, profile, accounts } = source;
  const columns: [RawBuilder<unknown>, string][] = [
    [textOf(dialect, userId), 'user_id'],
    [textOf(dialect, value), 'value'],
    ...(tenant ? [[textOf(dialect, tenant), 'tenant'] as [RawBuilder<unknown>, string]] : []),
  ];
  for (const name of PROFILE) {
    const column = profile[name];
    if (column) columns.push([textOf(dialect, column), `p_${name}`]);
  }
  accounts.columns.forEach((column, place) =>
    columns.push([textOf(dialect, column), `a_${place}`]),
  );
  return sql.join(columns.map(([text, name]) => sql`${text} as ${sql.ref(name)}`));
};

const listedOf = ({ accounts }: Source, row: Row): Listed => {
  const account = accounts.of(accounts.columns.map((_, place) => row[`a_${place}`] ?? null));
  const profile = PROFILE.flatMap((name) => {
    const text = row[`p_${name}`];
    return text === null || text === undefined ? [] : [[name, text] as const];
  });
  return {
    user: {
      userId: row['user_id']!,
      ...Object.fromEntries(profile),
      ...(account !== undefined && { account }),
    },
    value: row['value'] ?? null,
    tenant: row['tenant'] ?? null,
  };
};

/** Rows of the application's table, each with the text of one more column. */
export const readSource = async (
  source: Source,
  value: Column,
  rest: RawBuilder<unknown>,
): Promise<readonly Listed[]> => {
  const { rows } =
    await sql<Row>`select ${selected(source, value)} from ${source.table.from} ${rest}`.execute(
      source.db,
    );
  return rows.map((row) => listedOf(source, row));
};

/** More columns of a row, and what they say of it. */
export interface More<Said> {
  readonly columns: RawBuilder<unknown>;
  of(row: Readonly<Record<string, unknown>>): Said;
}

/** The same, with what more columns say of each row. */
export const readBeside = async <Said>(
  source: Source,
  value: Column,
  more: More<Said>,
  rest: RawBuilder<unknown>,
): Promise<readonly { readonly listed: Listed; readonly said: Said }[]> => {
  const columns = sql`${selected(source, value)}, ${more.columns}`;
  const { rows } = await sql<Row>`select ${columns} from ${source.table.from} ${rest}`.execute(
    source.db,
  );
  return rows.map((row) => ({ listed: listedOf(source, row), said: more.of(row) }));
};

/** Users of the tenant, and not of one that only looks like it to the table's collation. */
export const usersOf = (
  { tenant }: Source,
  asked: string,
  listed: readonly Listed[],
): readonly DirectoryUser[] =>
  listed.filter((row) => !tenant || row.tenant === asked).map(({ user }) => user);

/** The table of which only these rows are looked at. */
export const as = (source: Source, rows: RawBuilder<unknown>): Source => ({
  ...source,
  table: { ...source.table, from: sql`(${rows}) as ${sql.ref(ALIAS)}` },
});

/**
 * On Postgres: the table of which only some users are looked at, one by one.
 *
 * @param each rows `each_id`, with the user's `id`
 */
export const lookedUp = (
  source: Source,
  each: RawBuilder<unknown>,
  id: RawBuilder<unknown>,
  within: readonly RawBuilder<boolean>[],
): Source => {
  const { from } = source.table;
  const isThis = sql<boolean>`${id} = each_id.id`;
  const row = sql`select * from ${from} ${all([...within, isThis])} limit 1`;
  return {
    ...source,
    table: {
      ...source.table,
      from: sql`${each} cross join lateral (${row}) as ${sql.ref(ALIAS)}`,
    },
  };
};

/**
 * The table of which only these users are looked at, one by one. No database takes many ids for so few
 * rows, and would rather read all of them.
 *
 * @param within what each of the rows meets besides
 */
export const onlyThose = (
  source: Source,
  userIds: readonly string[],
  within: readonly RawBuilder<boolean>[],
): Source => {
  const { dialect, table, userId } = source;
  const them = all([...within, oneOfIds(dialect, userId, userIds)]);
  return as(source, sql`select * from ${table.from} ${them} limit ${userIds.length + 1}`);
};

/** Users by id. Whoever only looks like one of them to the table's collation is not among them. */
export const readUsers = async (
  source: Source,
  wanted: Wanted,
  userIds: readonly string[],
): Promise<readonly DirectoryUser[]> => {
  if (!hasTenant(source, wanted.tenant) || userIds.length === 0) return [];
  const those = onlyThose(source, userIds, tenantOf(source, wanted));
  const rest = all(filtersOf(source, wanted));
  const found = await readSource(those, source.userId, rest);
  const asked = new Set(userIds);
  return usersOf(source, wanted.tenant, found).filter((user) => asked.has(user.userId));
};

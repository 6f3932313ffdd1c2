import { sql, type RawBuilder } from 'kysely';
import { oneOf, valueOf } from './kinds.ts';
import {
  all,
  conditionsOf,
  readSource,
  usersOf,
  type Listed,
  type Source,
  type Wanted,
} from './rows.ts';
import { ALIAS, type Column } from './types.ts';
import type { DirectoryPage, DirectoryUser } from '../../../admin/types.ts';

/** A page in the order of a column. Who has nothing in it comes last, by id. */
export interface ColumnOrder {
  readonly column: Column;
  readonly isDescending: boolean;
}

/** The last row of the page before: its value and id. */
type Place = readonly [value: string | null, userId: string];

/** Rows from a place on, in an order that one index serves. */
const readPart = (
  source: Source,
  { column, isDescending }: ColumnOrder,
  conditions: readonly RawBuilder<unknown>[],
  limit: number,
): Promise<readonly Listed[]> => {
  const way = isDescending ? sql`desc` : sql`asc`;
  const { userId } = source;
  const columns = column === userId ? [userId] : [column, userId];
  const order = sql.join(columns.map(({ ref }) => sql`${ref} ${way}`));
  return readSource(
    source,
    column,
    sql`${all(conditions as RawBuilder<boolean>[])} order by ${order} limit ${limit}`,
  );
};

const behind = (
  { dialect, userId }: Source,
  { column, isDescending }: ColumnOrder,
  [value, id]: Place,
): RawBuilder<boolean> => {
  const beyond = isDescending ? sql`<` : sql`>`;
  const beyondId = sql<boolean>`${userId.ref} ${beyond} ${valueOf(dialect, userId, id)}`;
  if (column === userId || value === null) return beyondId;
  const than = valueOf(dialect, column, value);
  return sql<boolean>`${column.ref} ${beyond}= ${than} and (${column.ref} ${beyond} ${than} or ${beyondId})`;
};

/**
 * Where only a few users can have the status that is asked for, only they are looked at, and only those
 * on the page are judged.
 */
const narrowed = async (source: Source, wanted: Wanted) => {
  const { presence, dialect, userId } = source;
  const { tenant, status, ...others } = wanted;
  const few = status && presence ? await presence.few(tenant, status) : null;
  if (!few) return { rows: source, conditions: conditionsOf(source, wanted), judge: asTheyAre };
  const them = all([...conditionsOf(source, { tenant }), oneOf(dialect, userId, few)]);
  // No database takes such a limit for nothing, and looks for them in the order of names.
  const from = sql`(select * from ${source.table.from} ${them} limit ${few.length + 1}) as ${sql.ref(ALIAS)}`;
  return {
    rows: { ...source, table: { ...source.table, from } },
    conditions: conditionsOf(source, { tenant, ...others }),
    judge: async (users: readonly DirectoryUser[]) => {
      const ids = users.map((user) => user.userId);
      const having = await presence!.having(tenant, ids, status!);
      return users.filter((user) => having.has(user.userId));
    },
  };
};

const asTheyAre = async (users: readonly DirectoryUser[]): Promise<readonly DirectoryUser[]> =>
  users;

export const pageByColumn = async (
  source: Source,
  order: ColumnOrder,
  wanted: Wanted,
  { after, limit }: { readonly after: string | undefined; readonly limit: number },
): Promise<DirectoryPage> => {
  const { column } = order;
  const place = after === undefined ? null : (JSON.parse(after) as Place);
  const { rows, conditions, judge } = await narrowed(source, wanted);
  const more = limit + 1;
  const found: Listed[] = [];
  const rest = place ? [behind(source, order, place)] : [];
  if (place === null || place[0] !== null || !column.isNullable) {
    const filled = column.isNullable ? [sql<boolean>`${column.ref} is not null`] : [];
    found.push(...(await readPart(rows, order, [...conditions, ...filled, ...rest], more)));
  }
  if (column.isNullable && found.length < more) {
    const inNothing = place !== null && place[0] === null;
    const empty = [...conditions, sql`${column.ref} is null`, ...(inNothing ? rest : [])];
    const byId = { ...order, column: source.userId };
    const left = await readPart(rows, byId, empty, more - found.length);
    found.push(...left.map((row) => ({ ...row, value: null })));
  }
  const page = found.slice(0, limit);
  const last = page.at(-1);
  return {
    users: await judge(usersOf(source, wanted.tenant, page)),
    next: found.length > limit && last ? JSON.stringify([last.value, last.user.userId]) : null,
  };
};

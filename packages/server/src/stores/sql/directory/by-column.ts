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
import type { Column } from './types.ts';
import type { DirectoryPage } from '../../../admin/types.ts';

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

/** Where only a few users can have the status that is asked for, only they are looked at. */
const narrowed = async (source: Source, { tenant, status }: Wanted) => {
  if (!status || !source.presence) return [];
  const few = await source.presence.few(tenant, status);
  return few ? [oneOf(source.dialect, source.userId, few)] : [];
};

export const pageByColumn = async (
  source: Source,
  order: ColumnOrder,
  wanted: Wanted,
  { after, limit }: { readonly after: string | undefined; readonly limit: number },
): Promise<DirectoryPage> => {
  const { column } = order;
  const place = after === undefined ? null : (JSON.parse(after) as Place);
  const conditions = [...(await narrowed(source, wanted)), ...conditionsOf(source, wanted)];
  const more = limit + 1;
  const found: Listed[] = [];
  const rest = place ? [behind(source, order, place)] : [];
  if (place === null || place[0] !== null || !column.isNullable) {
    const filled = column.isNullable ? [sql<boolean>`${column.ref} is not null`] : [];
    found.push(...(await readPart(source, order, [...conditions, ...filled, ...rest], more)));
  }
  if (column.isNullable && found.length < more) {
    const inNothing = place !== null && place[0] === null;
    const empty = [...conditions, sql`${column.ref} is null`, ...(inNothing ? rest : [])];
    const byId = { ...order, column: source.userId };
    const left = await readPart(source, byId, empty, more - found.length);
    found.push(...left.map((row) => ({ ...row, value: null })));
  }
  const page = found.slice(0, limit);
  const last = page.at(-1);
  return {
    users: usersOf(source, wanted.tenant, page),
    next: found.length > limit && last ? JSON.stringify([last.value, last.user.userId]) : null,
  };
};

import { sql, type RawBuilder } from 'kysely';
import type { DirectoryPage } from '../../../admin/types.ts';
import { valueOf } from './kinds.ts';
import {
  conditionsOf,
  filtersOf,
  foundById,
  onlyThose,
  tenantOf,
  usersOf,
  type Listed,
  type Source,
  type Wanted,
} from './rows.ts';
import { createSearch } from './by-search.ts';
import { nearest, readInOrder, type ColumnOrder } from './in-order.ts';
import { walkInOrder, type Read } from './walk.ts';

/*
 * A page in the order of a column. Who has nothing in it comes last, by id.
 */

/** The last row that a page looked at: its value and id. */
type Place = readonly [value: string | null, userId: string];

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

/** Few have a status: they alone are looked at. What is told of a row is read of those on the page alone. */
const amongFew = (source: Source, few: readonly string[], wanted: Wanted): Read => {
  const those = onlyThose(source, few, tenantOf(source, wanted));
  const within = filtersOf(source, wanted);
  return async (order, conditions, limit) => {
    const page = nearest(those, order, [...within, ...conditions], limit);
    return { rows: await readInOrder(page, order, [], limit), reached: null };
  };
};

/** By the index of an order. Whoever has a status that is asked for is met on the way. */
const byIndex = (source: Source, wanted: Wanted): Read => {
  const { status, ...others } = wanted;
  const within = conditionsOf(source, others);
  if (!status) {
    return async (order, conditions, limit) => ({
      rows: await readInOrder(source, order, [...within, ...conditions], limit),
      reached: null,
    });
  }
  const filters = filtersOf(source, { status });
  const { budget, isInSet } = status;
  const byId = isInSet ? foundById(source, wanted) : null;
  return (order, conditions, limit) =>
    walkInOrder(
      source,
      order,
      { conditions: [...within, ...conditions], filters, budget, byId },
      limit,
    );
};

/** How rows are found: whatever is least work. */
const createRead = (source: Source, wanted: Wanted): Read => {
  const { status, ...others } = wanted;
  if (status?.few) return amongFew(source, status.few, others);
  const isFoundByIndex = wanted.search !== undefined && source.dialect.name === 'postgres';
  return isFoundByIndex ? createSearch(source, wanted) : byIndex(source, wanted);
};

const placeOf = ({ value, user }: Listed): Place => [value, user.userId];

export const pageByColumn = async (
  source: Source,
  order: ColumnOrder,
  wanted: Wanted,
  { after, limit }: { readonly after: string | undefined; readonly limit: number },
): Promise<DirectoryPage> => {
  const { column } = order;
  const read = createRead(source, wanted);
  const place = after === undefined ? null : (JSON.parse(after) as Place);
  const rest = place ? [behind(source, order, place)] : [];
  const isInEmpty = place !== null && place[0] === null && column.isNullable;
  const more = limit + 1;
  const found: Listed[] = [];
  let reached: Place | null = null;
  if (!isInEmpty) {
    const filled = column.isNullable ? [sql<boolean>`${column.ref} is not null`] : [];
    const part = await read(order, [...filled, ...rest], more);
    found.push(...part.rows);
    reached = part.reached && placeOf(part.reached);
  }
  if (column.isNullable && found.length < more && !reached) {
    const empty = [sql<boolean>`${column.ref} is null`, ...(isInEmpty ? rest : [])];
    const part = await read({ ...order, column: source.userId }, empty, more - found.length);
    found.push(...part.rows.map((row) => ({ ...row, value: null })));
    reached = part.reached && [null, part.reached.user.userId];
  }
  const page = found.slice(0, limit);
  const last = page.at(-1);
  const next = found.length > limit && last ? placeOf(last) : reached;
  return { users: usersOf(source, wanted.tenant, page), next: next && JSON.stringify(next) };
};

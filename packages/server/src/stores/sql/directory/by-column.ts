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
import {
  foundFirst,
  nearest,
  readInOrder,
  walkInOrder,
  type AskedOnTheWay,
  type ColumnOrder,
  type Walked,
} from './walk.ts';

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

type Read = (
  order: ColumnOrder,
  conditions: readonly RawBuilder<boolean>[],
  limit: number,
) => Promise<Walked>;

/** Few have a status: they alone are looked at. */
const amongFew = (source: Source, few: readonly string[], wanted: Wanted): Read => {
  const those = onlyThose(source, few, tenantOf(source, wanted));
  const within = conditionsOf(source, wanted);
  return async (order, conditions, limit) => ({
    rows: await readInOrder(those, order, [...within, ...conditions], limit),
    reached: null,
  });
};

type ById = AskedOnTheWay['byId'];

/** By the index of an order. Whoever has a status that is asked for is met on the way. */
const inOrder = (source: Source, { status, ...others }: Wanted, byId: ById): Read => {
  const within = conditionsOf(source, others);
  if (!status) {
    return async (order, conditions, limit) => ({
      rows: await readInOrder(source, order, [...within, ...conditions], limit),
      reached: null,
    });
  }
  const filters = filtersOf(source, { status });
  const { budget } = status;
  return (order, conditions, limit) =>
    walkInOrder(
      source,
      order,
      { conditions: [...within, ...conditions], filters, budget, byId },
      limit,
    );
};

/** So many rows are looked at for a page of a search, before the search is left to its own index. */
const NEAR = 500;

/** And so many where a status is asked for besides: with a text to be searched, a row takes longer to be judged. */
const SEARCHED = 2000;

/**
 * Whoever meets a search may stand together anywhere in an order: all with one name. Where the next rows have no page of
 * them, all who meet it are found first, by the index of the search, and put in order then. The search alone decides: one
 * that many meet has no index that helps, and whoever of them has a rare status is met on the way.
 */
const nearFirst = (source: Source, { search, account, status, ...others }: Wanted): Read => {
  const isSearched = filtersOf(source, { search });
  const hasStatus = filtersOf(source, { status });
  const within = [...tenantOf(source, others), ...filtersOf(source, { account })];
  return async (order, conditions, limit) => {
    const behind = [...within, ...conditions];
    const rows = await readInOrder(nearest(source, order, behind, NEAR), order, isSearched, limit);
    const isNear = rows.length === limit;
    if (!status && isNear) return { rows, reached: null };
    const found = () => foundFirst(source, order, [...behind, ...isSearched]);
    if (!status) return { rows: await readInOrder(found(), order, [], limit), reached: null };
    const { budget } = status;
    const asked = isNear
      ? {
          conditions: behind,
          filters: [...isSearched, ...hasStatus],
          budget: Math.min(budget, SEARCHED),
        }
      : { conditions: [], filters: hasStatus, budget };
    return walkInOrder(isNear ? source : found(), order, { ...asked, byId: null }, limit);
  };
};

/** How rows are found: whatever is least work. */
const createRead = (source: Source, wanted: Wanted): Read => {
  const { status, ...others } = wanted;
  if (status?.few) return amongFew(source, status.few, others);
  const isFoundByIndex = wanted.search !== undefined && source.dialect.name === 'postgres';
  return isFoundByIndex
    ? nearFirst(source, wanted)
    : inOrder(source, wanted, foundById(source, wanted));
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

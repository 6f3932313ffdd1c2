import { sql, type RawBuilder } from 'kysely';
import { all, lookedUp, readSource, type Listed, type Source } from './rows.ts';
import { ALIAS, type Column } from './types.ts';

/** Rows in the order of a column, those of one value by id. */
export interface ColumnOrder {
  readonly column: Column;
  readonly isDescending: boolean;
}

type Conditions = readonly RawBuilder<boolean>[];

/** An order that one index serves. */
const inOrder = ({ userId }: Source, { column, isDescending }: ColumnOrder) => {
  const way = isDescending ? sql`desc` : sql`asc`;
  const columns = column === userId ? [userId] : [column, userId];
  return sql`order by ${sql.join(columns.map(({ ref }) => sql`${ref} ${way}`))}`;
};

/** At most so many rows, in order. */
export const readInOrder = (
  source: Source,
  order: ColumnOrder,
  conditions: Conditions,
  limit: number,
): Promise<readonly Listed[]> =>
  readSource(
    source,
    order.column,
    sql`${all(conditions)} ${inOrder(source, order)} limit ${limit}`,
  );

const as = (source: Source, rows: RawBuilder<unknown>): Source => ({
  ...source,
  table: { ...source.table, from: sql`(${rows}) as ${sql.ref(ALIAS)}` },
});

/** The table of which only so many rows are looked at, the first that meet the conditions. */
export const nearest = (
  source: Source,
  order: ColumnOrder,
  conditions: Conditions,
  most: number,
): Source =>
  as(
    source,
    sql`select * from ${source.table.from} ${all(conditions)} ${inOrder(source, order)} limit ${most}`,
  );

/**
 * The table of which only the rows that meet the conditions are looked at. They are found before they are put in order:
 * Postgres takes an order and a limit for a promise that the first of them stand together. And they are put in order
 * before anything else is asked of them, so that no more of them are asked than it takes.
 */
export const foundFirst = (source: Source, order: ColumnOrder, conditions: Conditions): Source => {
  const found = as(source, sql`select * from ${source.table.from} ${all(conditions)} offset 0`);
  return as(source, sql`select * from ${found.table.from} ${inOrder(source, order)} offset 0`);
};

export interface Walked {
  readonly rows: readonly Listed[];
  /** The last row that was looked at, where more are behind it that were not. */
  readonly reached: Listed | null;
}

/** Reads a page's rows, which meet the conditions. */
export type Read = (order: ColumnOrder, conditions: Conditions, limit: number) => Promise<Walked>;

/** What is asked of rows that are met in an order, of which so many are looked at and no more. */
export interface AskedOnTheWay {
  readonly conditions: Conditions;
  /** What no index of the order has. */
  readonly filters: Conditions;
  readonly budget: number;
  /** What finds a row besides its id, where nothing else is asked of any but the columns of the order. */
  readonly byId: Conditions | null;
}

/**
 * Rows that meet the filters. Where they are judged by their ids, nothing but the index of the order is read of those that
 * do not.
 */
const metOnTheWay = (
  source: Source,
  order: ColumnOrder,
  { conditions, filters, budget, byId }: AskedOnTheWay,
  limit: number,
): Promise<readonly Listed[]> => {
  const looked = nearest(source, order, conditions, budget);
  if (!byId || source.dialect.name !== 'postgres')
    return readInOrder(looked, order, filters, limit);
  const { ref } = source.userId;
  const each = sql`(select ${ref} as id from ${looked.table.from} ${all(filters)} ${inOrder(source, order)}
    limit ${limit}) as each_id`;
  return readInOrder(lookedUp(source, each, ref, byId), order, [], limit);
};

/** The last row that is looked at, where there are as many. */
export const lastLooked = async (
  source: Source,
  order: ColumnOrder,
  conditions: Conditions,
  budget: number,
): Promise<Listed | null> => {
  const rest = sql`${all(conditions)} ${inOrder(source, order)} limit 1 offset ${budget - 1}`;
  const [last = null] = await readSource(source, order.column, rest);
  return last;
};

/**
 * The same where no index has what is asked of the rows: so many are looked at and no more, however rare
 * those are that meet `filters`.
 */
export const walkInOrder = async (
  source: Source,
  order: ColumnOrder,
  asked: AskedOnTheWay,
  limit: number,
): Promise<Walked> => {
  const { conditions, budget } = asked;
  const rows = await metOnTheWay(source, order, asked, limit);
  if (rows.length === limit) return { rows, reached: null };
  return { rows, reached: await lastLooked(source, order, conditions, budget) };
};

/**
 * On Postgres: the rows of one of two tables, by whether `near` has as many as that. The other one is not looked at, and it
 * takes no statement to know which.
 *
 * @param whenFull `null`: those of `near` themselves
 */
export const whereFull = (
  near: Source,
  many: number,
  { whenFull, otherwise }: { readonly whenFull: Source | null; readonly otherwise: Source },
): Source => {
  const count = sql`(select count(*) from near_by)`;
  return as(
    near,
    sql`with near_by as materialized (select * from ${near.table.from})
      select * from ${whenFull?.table.from ?? sql`near_by`} where ${count} = ${many}
      union all select * from ${otherwise.table.from} where ${count} < ${many}`,
  );
};

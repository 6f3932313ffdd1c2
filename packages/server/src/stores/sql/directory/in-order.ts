import { sql, type RawBuilder } from 'kysely';
import { all, as, readSource, type Listed, type Source } from './rows.ts';
import type { Column } from './types.ts';

/** Rows in the order of a column, those of one value by id. */
export interface ColumnOrder {
  readonly column: Column;
  readonly isDescending: boolean;
}

export type Conditions = readonly RawBuilder<boolean>[];

/** An order that one index serves. */
export const inOrder = ({ userId }: Source, { column, isDescending }: ColumnOrder) => {
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

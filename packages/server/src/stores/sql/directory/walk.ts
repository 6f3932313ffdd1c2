import { sql } from 'kysely';
import { inOrder, nearest, readInOrder, type ColumnOrder, type Conditions } from './in-order.ts';
import {
  all,
  as,
  lookedUp,
  readBeside,
  readSource,
  type Listed,
  type More,
  type Source,
} from './rows.ts';

/*
 * Rows that are met in an order by what no index of it has: so many are looked at and no more, however rare those are that
 * meet the filters.
 */

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
 * On Postgres: the rows that meet the filters, and among them the last one that is looked at, where there are as many.
 * Which is which is said by two more columns.
 */
export const marked = (
  source: Source,
  order: ColumnOrder,
  { conditions, filters, budget }: Omit<AskedOnTheWay, 'byId'>,
  limit: number,
): Source => {
  const looked = nearest(source, order, conditions, budget);
  const inThis = inOrder(source, order);
  const each = sql`select *, (${sql.join(filters, sql` and `)}) as presence_met,
    row_number() over (${inThis}) = ${budget} as presence_last from ${looked.table.from}`;
  return as(
    source,
    sql`select * from ${as(source, each).table.from} where presence_met or presence_last ${inThis} limit ${limit}`,
  );
};

/** Whether a row meets what was asked for, and whether it is the last one that was looked at, though more may be behind it. */
const MARKS: More<{ readonly isMet: boolean; readonly isLast: boolean }> = {
  columns: sql`presence_met, presence_last`,
  of: (row) => ({ isMet: row['presence_met'] === true, isLast: row['presence_last'] === true }),
};

/** Reads what {@link marked} gives. */
export const readWalked = async (
  source: Source,
  order: ColumnOrder,
  limit: number,
): Promise<Walked> => {
  const rows = await readBeside(source, order.column, MARKS, inOrder(source, order));
  const met = rows.filter(({ said }) => said.isMet).map(({ listed }) => listed);
  const last = rows.at(-1);
  return { rows: met, reached: met.length < limit && last?.said.isLast ? last.listed : null };
};

/** Where rows are judged by their ids, nothing but the index of the order is read of those that do not meet the filters. */
const walkMarked = (
  source: Source,
  order: ColumnOrder,
  asked: AskedOnTheWay,
  limit: number,
): Promise<Walked> => {
  const met = marked(source, order, asked, limit);
  if (!asked.byId) return readWalked(met, order, limit);
  const { ref } = source.userId;
  const each = sql`(select ${ref} as id, presence_met, presence_last from ${met.table.from}) as each_id`;
  return readWalked(lookedUp(source, each, ref, asked.byId), order, limit);
};

/** The last row that is looked at, where there are as many. */
const lastLooked = async (
  source: Source,
  order: ColumnOrder,
  { conditions, budget }: AskedOnTheWay,
): Promise<Listed | null> => {
  const rest = sql`${all(conditions)} ${inOrder(source, order)} limit 1 offset ${budget - 1}`;
  const [last = null] = await readSource(source, order.column, rest);
  return last;
};

export const walkInOrder = async (
  source: Source,
  order: ColumnOrder,
  asked: AskedOnTheWay,
  limit: number,
): Promise<Walked> => {
  if (source.dialect.name === 'postgres') return walkMarked(source, order, asked, limit);
  const { conditions, filters, budget } = asked;
  const rows = await readInOrder(nearest(source, order, conditions, budget), order, filters, limit);
  if (rows.length === limit) return { rows, reached: null };
  return { rows, reached: await lastLooked(source, order, asked) };
};

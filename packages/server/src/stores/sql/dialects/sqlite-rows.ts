import { PrimitiveValueListNode, sql, ValuesNode, type RawBuilder } from 'kysely';
import type { Row } from '../tables.ts';

/** Rows that a statement has places for: so there are few statements, each of which is kept ready. */
const SIZES = [1, 2, 5, 10, 20, 50, 100, 200, 500] as const;

/** As one text, which holds any number of rows, and is written and read twice before a value stands in its column. */
const asText = (rows: readonly Row[], width: number): RawBuilder<unknown> => {
  const fields = Array.from({ length: width }, (_, place) => sql`value ->> ${sql.lit(place)}`);
  return sql`select ${sql.join(fields)} from json_each(${JSON.stringify(rows)})`;
};

/** Rows in columns of their own, with more of them than there are: which ones is said by `filler`. */
const asValues = (rows: readonly Row[], filler: Row): RawBuilder<unknown> | null => {
  const size = SIZES.find((each) => each >= rows.length);
  if (size === undefined) return null;
  const filled = [...rows, ...Array.from({ length: size - rows.length }, () => filler)];
  // As Kysely writes them itself: the template makes a node of each value, which took longer than the rows.
  const toOperationNode = () =>
    ValuesNode.create(filled.map((row) => PrimitiveValueListNode.create(row)));
  return sql`${{ toOperationNode }}`;
};

/** Keys of this many columns and fewer are short: one text of them costs less than a value for each. */
const SHORT = 2;

/** Behind `in`: keys, the last of them perhaps more than once. */
export const keysOf = (keys: readonly Row[], width: number): RawBuilder<unknown> => {
  const last = keys.at(-1);
  const values = last && width > SHORT ? asValues(keys, last) : null;
  return values ?? asText(keys, width);
};

/** Behind the columns of an insert: rows whose first value is never null. A condition stands at the end, as SQLite wants it there. */
export const rowsOf = (rows: readonly Row[], width: number): RawBuilder<unknown> => {
  const values = asValues(
    rows,
    Array.from({ length: width }, () => null),
  );
  return values
    ? sql`select * from (${values}) where column1 is not null`
    : sql`${asText(rows, width)} where true`;
};

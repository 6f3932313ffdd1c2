import { sql, type RawBuilder } from 'kysely';
import { codeOf, type Dialect, type Meaning } from '../dialect.ts';
import type { ColumnType, Row, Table } from '../tables.ts';
import { textArray } from './text-array.ts';

const ARRAY: Readonly<Record<ColumnType, (values: readonly unknown[]) => RawBuilder<unknown>>> =
  Object.freeze({
    text: textArray,
    int: (values) => sql`${[...values]}::bigint[]`,
  });

/** A deadlock, a serialization failure, a lock time-out, a row that somebody else inserted first, or a time-out before the commit. */
const AGAIN = ['40P01', '40001', '55P03', '23505', '25P03', '57014'];
/** Table, schema, column. */
const MISSING = ['42P01', '3F000', '42703'];
/** By an administrator, in a crash, at the start; too many connections; those that were lost or not made. */
const CLOSING = ['57P01', '57P02', '57P03', '53300', '08000', '08001', '08003', '08004', '08006'];

const CODES: readonly (readonly [Meaning, readonly string[]])[] = [
  ['again', AGAIN],
  ['missing', MISSING],
  ['no-database', ['3D000']],
  ['login', ['28P01', '28000']],
  ['rights', ['42501']],
  ['read-only', ['25006']],
  ['closing', CLOSING],
];

/**
 * No node that stands still may keep others waiting for the rows that it locked, and who waits for a row is to try again
 * before the store gives up. The limits hold for one transaction.
 */
const LIMITS = sql`select set_config('lock_timeout', '400', true),
  set_config('idle_in_transaction_session_timeout', '2000', true)`;

const columnOf = (rows: readonly Row[], place: number): unknown[] => rows.map((row) => row[place]);

const typeOf = (rows: readonly Row[], place: number): ColumnType =>
  typeof rows[0]?.[place] === 'number' ? 'int' : 'text';

const listed = (columns: readonly string[]): RawBuilder<unknown> =>
  sql.join(columns.map((column) => sql.ref(column)));

/** A share lock is a change of its row, and its commit waits for the disk. Nobody misses such a lock after a crash. */
const READING = sql`${LIMITS}, set_config('synchronous_commit', 'off', true)`;

/** A transaction that begins with this statement. */
const transactionOf =
  (first: RawBuilder<unknown>): Dialect['transaction'] =>
  (db, work) =>
    db
      .transaction()
      .setIsolationLevel('read committed')
      .execute(async (tx) => {
        await first.execute(tx);
        return work(tx);
      });

/** One number for a name: advisory locks have no names. */
const lockOf = (name: string): RawBuilder<unknown> => sql`hashtextextended(${name}, 0)`;

/** Whoever waited sees what was done meanwhile, whatever isolation the application has set for its transactions. */
const exclusively: Dialect['exclusively'] = (db, name, work) =>
  transactionOf(sql`select pg_advisory_xact_lock(${lockOf(name)})`)(db, work);

const isAlike = (rows: readonly Row[], place: number): boolean =>
  rows.every((row) => row[place] === rows[0]![place]);

const arrayOf = (rows: readonly Row[], place: number): RawBuilder<unknown> =>
  ARRAY[typeOf(rows, place)](columnOf(rows, place));

/** Users of one tenant are found by their ids: an index takes many values of one column, and is joined to pairs. */
const among: Dialect['among'] = (columns, keys) => {
  const places = columns.map((_, place) => place);
  const unlike = keys.length === 0 ? places : places.filter((place) => !isAlike(keys, place));
  const last = unlike[0] ?? places.at(-1)!;
  if (unlike.length > 1) {
    const arrays = places.map((place) => arrayOf(keys, place));
    return sql<boolean>`(${listed(columns)}) in (select * from unnest(${sql.join(arrays)}))`;
  }
  const conditions = places.map((place) =>
    place === last
      ? sql`${sql.ref(columns[place]!)} = any(${arrayOf(keys, place)})`
      : sql`${sql.ref(columns[place]!)} = ${keys[0]![place]}`,
  );
  return sql<boolean>`(${sql.join(conditions, sql` and `)})`;
};

const insert = ({ name, columns }: Table, rows: readonly Row[]): RawBuilder<unknown> => {
  const arrays = Object.values(columns).map((type, place) => ARRAY[type](columnOf(rows, place)));
  return sql`insert into ${name} (${listed(Object.keys(columns))}) select * from unnest(${sql.join(arrays)})`;
};

export const postgres: Dialect = Object.freeze<Dialect>({
  name: 'postgres',
  clock: sql<number>`floor(extract(epoch from clock_timestamp()) * 1000)::bigint`,
  locksRows: true,
  findsLeasesByUser: true,
  forShare: sql`for share`,
  forUpdate: sql`for update`,
  forUpdateOfFree: sql`for update skip locked`,
  changesFree: true,
  among,
  insert,
  onConflict: (keys) => sql`on conflict (${listed(keys)}) do update set`,
  orKeep: (keys) => sql`on conflict (${listed(keys)}) do nothing`,
  given: (column) => sql`${sql.ref(`excluded.${column}`)}`,
  returns: true,
  joinEach: sql`join`,
  once: sql`as materialized`,
  greatest: (a, b) => sql<number>`greatest(${a}, ${b})`,
  deleteSome: ({ name }, keys, condition, limit) =>
    sql`delete from ${name} where (${listed(keys)}) in
      (select ${listed(keys)} from ${name} where ${condition} limit ${limit})`,
  transaction: transactionOf(LIMITS),
  reading: transactionOf(READING),
  undoesTables: true,
  exclusively,
  longestKey: null,
  meaningOf: (error): Meaning => {
    const code = codeOf(error);
    return CODES.find(([, codes]) => codes.includes(code))?.[0] ?? 'down';
  },
});

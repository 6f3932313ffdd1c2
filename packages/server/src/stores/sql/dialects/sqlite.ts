import { sql, type RawBuilder } from 'kysely';
import { codeOf, type Db, type Dialect, type Meaning } from '../dialect.ts';
import { keysOf, rowsOf } from './sqlite-rows.ts';

const listed = (columns: readonly string[]): RawBuilder<unknown> =>
  sql.join(columns.map((column) => sql.ref(column)));

const rollback = (tx: Db): Promise<unknown> =>
  // What broke the transaction may have ended it too.
  sql`rollback`.execute(tx).catch(() => undefined);

/** The one writer from its first statement on: a reader that became a writer could not go on. */
const transaction = <Answer>(db: Db, work: (tx: Db) => Promise<Answer>): Promise<Answer> =>
  db.connection().execute(async (tx) => {
    await sql`begin immediate`.execute(tx);
    try {
      const answer = await work(tx);
      await sql`commit`.execute(tx);
      return answer;
    } catch (error) {
      await rollback(tx);
      throw error;
    }
  });

/** Drivers tell a number or its name; the low byte of the number is the kind of failure. */
const kindOf = (error: unknown): string => {
  const code = codeOf(error);
  const number = Number(code);
  if (!Number.isInteger(number) || code === '') return code.split('_').slice(0, 2).join('_');
  const names: Readonly<Record<number, string>> = {
    3: 'SQLITE_PERM',
    5: 'SQLITE_BUSY',
    6: 'SQLITE_LOCKED',
    8: 'SQLITE_READONLY',
    19: 'SQLITE_CONSTRAINT',
    23: 'SQLITE_AUTH',
  };
  return names[number & 0xff] ?? '';
};

const AGAIN = ['SQLITE_BUSY', 'SQLITE_LOCKED', 'SQLITE_CONSTRAINT'];
const RIGHTS = ['SQLITE_PERM', 'SQLITE_AUTH'];
/** It has one code for whatever is wrong with a statement. */
const MISSING = /no such table|no such column|has no column named/;

/** SQLite has one writer, which is the lock of every row. */
const nothing = sql``;

export const sqlite: Dialect = Object.freeze<Dialect>({
  name: 'sqlite',
  clock: sql<number>`cast(unixepoch('now', 'subsec') * 1000 as integer)`,
  locksRows: false,
  findsLeasesByUser: false,
  forShare: nothing,
  forUpdate: nothing,
  forUpdateOfFree: nothing,
  changesFree: true,
  among: (columns, keys) =>
    columns.length === 1
      ? sql<boolean>`${sql.ref(columns[0]!)} in (select value from json_each(${JSON.stringify(keys.map(([key]) => key))}))`
      : sql<boolean>`(${listed(columns)}) in (${keysOf(keys, columns.length)})`,
  insert: ({ name, columns }, rows) => {
    const names = Object.keys(columns);
    return sql`insert into ${name} (${listed(names)}) ${rowsOf(rows, names.length)}`;
  },
  onConflict: (keys) => sql`on conflict (${listed(keys)}) do update set`,
  orKeep: (keys) => sql`on conflict (${listed(keys)}) do nothing`,
  given: (column) => sql`${sql.ref(`excluded.${column}`)}`,
  returns: true,
  // Its planner would rather read a whole table than begin with a list that it knows nothing of.
  joinEach: sql`cross join`,
  once: sql`as materialized`,
  greatest: (a, b) => sql<number>`max(${a}, ${b})`,
  deleteSome: ({ name }, keys, condition, limit) =>
    sql`delete from ${name} where (${listed(keys)}) in
      (select ${listed(keys)} from ${name} where ${condition} limit ${limit})`,
  transaction,
  reading: transaction,
  undoesTables: true,
  exclusively: (db, _name, work) => transaction(db, work),
  longestKey: null,
  meaningOf: (error): Meaning => {
    const kind = kindOf(error);
    if (AGAIN.includes(kind)) return 'again';
    if (RIGHTS.includes(kind)) return 'rights';
    if (kind === 'SQLITE_READONLY') return 'read-only';
    return error instanceof Error && MISSING.test(error.message) ? 'missing' : 'down';
  },
});

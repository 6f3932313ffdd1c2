import type { Kysely, RawBuilder } from 'kysely';
import type { Row, Table } from './tables.ts';

/** A connection, or a transaction on one. */
export type Db = Kysely<unknown>;

/** What differs between databases. Everything else is written once. */
export interface Dialect {
  readonly name: 'postgres' | 'mysql' | 'sqlite';
  /** The database's clock in ms, read where it stands in the statement. */
  readonly clock: RawBuilder<number>;
  /** Whether rows can be locked. Where not, a transaction has the whole database to itself. */
  readonly locksRows: boolean;
  /**
   * Whether an index finds a user's own leases. Where not, the user's row names them: there each row of
   * an index is another page to be written.
   */
  readonly findsLeasesByUser: boolean;
  /** Behind a select: nobody changes these rows before the transaction ends. */
  readonly forShare: RawBuilder<unknown>;
  /** Behind a select: nobody else locks or changes these rows before the transaction ends. */
  readonly forUpdate: RawBuilder<unknown>;
  /** The same, of the rows that nobody has locked now. */
  readonly forUpdateOfFree: RawBuilder<unknown>;
  /** Whether one statement changes such rows alone. MySQL's waits for all that it may change, and reads no table that it changes. */
  readonly changesFree: boolean;
  /** Whether the columns equal one of the keys, byte by byte. */
  among(columns: readonly string[], keys: readonly Row[]): RawBuilder<boolean>;
  /** Inserts rows of all columns of the table, in their order. */
  insert(table: Table, rows: readonly Row[]): RawBuilder<unknown>;
  /** Behind an insert: what becomes of a row that is there. Assignments follow. */
  onConflict(keys: readonly string[]): RawBuilder<unknown>;
  /** Behind an insert: a row that is there stays as it is. */
  orKeep(keys: readonly string[]): RawBuilder<unknown>;
  /** In an assignment behind {@link Dialect.onConflict}: the value that was to be inserted. */
  given(column: string): RawBuilder<unknown>;
  /** Whether changed rows can be told with `returning`. */
  readonly returns: boolean;
  /** Joins a table by looking it up for each row of those before it. `on` follows. */
  readonly joinEach: RawBuilder<unknown>;
  /** Behind the name of a common table: it is made once, however often it is named. */
  readonly once: RawBuilder<unknown>;
  greatest(a: RawBuilder<unknown>, b: RawBuilder<unknown>): RawBuilder<number>;
  /** Deletes at most so many rows of those that meet the condition. */
  deleteSome(
    table: Table,
    keys: readonly string[],
    condition: RawBuilder<boolean>,
    limit: number,
  ): RawBuilder<unknown>;
  /** A transaction whose statements each see what was committed before them. */
  transaction<Answer>(db: Db, work: (tx: Db) => Promise<Answer>): Promise<Answer>;
  /** The same, where nothing is written: its locks need not reach the disk. */
  reading<Answer>(db: Db, work: (tx: Db) => Promise<Answer>): Promise<Answer>;
  /** Whether a transaction that fails undoes what it did to tables, and not to rows alone. */
  readonly undoesTables: boolean;
  /** Keeps others out who ask for the same name. */
  exclusively<Answer>(db: Db, name: string, work: (tx: Db) => Promise<Answer>): Promise<Answer>;
  /** The longest text that fits a key; `null`: any. */
  readonly longestKey: number | null;
  /** What a failure of this database means, by the code that it has. Only `again` is tried again. */
  meaningOf(error: unknown): Meaning;
}

/**
 * `again`: nothing was written, and another try may succeed. `missing`: there is no such table or column.
 * `no-database`: there is no such database at all. `login`: nobody gets in as this user.
 * `rights`: the user got in, and may not do it. `closing`: the server takes no connection now, or ended this one.
 * `down`: the database did not do it, for whatever other reason.
 */
export type Meaning =
  'again' | 'missing' | 'no-database' | 'login' | 'rights' | 'read-only' | 'closing' | 'down';

/** Both in the order of their bytes, so that nobody waits for each other in a circle. */
export const inKeyOrder = (keys: readonly Row[]): Row[] =>
  [...keys].sort((a, b) => {
    for (let place = 0; place < a.length; place += 1) {
      if (a[place] !== b[place]) return String(a[place]) < String(b[place]) ? -1 : 1;
    }
    return 0;
  });

/** The code that drivers put on their errors. */
export const codeOf = (error: unknown): string => {
  const { code, errno, errcode } = (error ?? {}) as {
    readonly code?: unknown;
    readonly errno?: unknown;
    readonly errcode?: unknown;
  };
  return String(code === 'ERR_SQLITE_ERROR' ? errcode : (code ?? errno ?? ''));
};

import type { SqliteDatabase } from 'kysely';
import { sqlite } from './dialects/sqlite.ts';
import { unavailable } from './failures.ts';
import { keepLogShort } from './sqlite-log.ts';

/** What is asked of a `DatabaseSync` of `node:sqlite`. */
export interface NodeDatabase {
  prepare(sql: string): NodeStatement;
  exec(sql: string): void;
  close(): void;
  /** The file; `null`: memory. */
  location?(): string | null;
  readonly isOpen?: boolean;
  readonly isTransaction?: boolean;
}

interface NodeStatement {
  all(...parameters: never[]): unknown[];
  run(...parameters: never[]): { changes: number | bigint; lastInsertRowid: number | bigint };
  iterate(...parameters: never[]): IterableIterator<unknown>;
  columns(): readonly unknown[];
}

/** Statements kept ready; the store has some forty, a dozen of them in up to nine sizes. */
const MOST_KEPT = 300;

type Statement = ReturnType<SqliteDatabase['prepare']>;

const prepared = (db: NodeDatabase, text: string, onWrite: () => void): Statement => {
  const statement = db.prepare(text);
  const given = (parameters: readonly unknown[]): never[] => parameters as never[];
  return {
    reader: statement.columns().length > 0,
    all: (parameters) => statement.all(...given(parameters)),
    run: (parameters) => {
      const changed = statement.run(...given(parameters));
      onWrite();
      return changed;
    },
    iterate: (parameters) => statement.iterate(...given(parameters)),
  };
};

const createKept = (db: NodeDatabase, onWrite: () => void) => {
  const kept = new Map<string, Statement>();
  return (text: string): Statement => {
    let statement = kept.get(text);
    if (statement) return statement;
    statement = prepared(db, text, onWrite);
    if (kept.size >= MOST_KEPT) kept.clear();
    kept.set(text, statement);
    return statement;
  };
};

/**
 * Readers beside the one writer; another process that writes is waited for in short turns, for this one does nothing else
 * meanwhile; 64 MiB of pages are kept, for an index of a million users does not fit the 2 MiB that SQLite keeps by itself. At
 * first another process may be making the same file: that is waited for longer, once.
 */
const PRAGMAS = `pragma busy_timeout = 5000; pragma journal_mode = wal; pragma synchronous = normal;
  pragma cache_size = -65536; pragma busy_timeout = 50`;

const prepare = (db: NodeDatabase): void => {
  try {
    db.exec(PRAGMAS);
  } catch (error) {
    const meaning = sqlite.meaningOf(error);
    // What is wrong with a file that is no database SQLite says better.
    throw meaning === 'down' ? error : unavailable(error, meaning);
  }
};

/**
 * A database of Node’s own SQLite for Kysely’s `SqliteDialect`. Sets what a server wants: the
 * write-ahead log, and to wait for other processes for a moment. With SQLite 3.51.3 or newer, a log of 32 MiB is copied into
 * the file by a thread, which ends when it is done or the database is closed.
 *
 * @throws PresenceError `store_unavailable` where the file may not be written, or another process keeps it
 * @example
 * const database = nodeSqlite(new DatabaseSync('presence.db'))
 * const db = new Kysely({ dialect: new SqliteDialect({ database }) })
 */
export const nodeSqlite = (db: NodeDatabase): SqliteDatabase => {
  prepare(db);
  const log = keepLogShort(db);
  const kept = createKept(db, log.onWrite);
  return {
    close: () => {
      log.stop();
      db.close();
    },
    prepare: kept,
  };
};

import { Worker } from 'node:worker_threads';
import type { NodeDatabase } from './node-sqlite.ts';

/** Copies the log of the database in this file into it, beside the event loop. Ends by itself. */
type StartCopy = (path: string, ended: (error?: unknown) => void) => void;

/** Pages (32 MiB) that are worth a thread, which takes 40 ms of another CPU to start. */
const WORTH_A_THREAD = 8000;
/** Writes between two looks at the log: 4 us each. */
const LOOK_EVERY = 16;

/**
 * As text, for a file of its own would be lost where an application is bundled. Goes on until the log was begun anew, or
 * nobody writes: then the next write does it. Who reads an old state, or copies too, is waited for for two seconds.
 */
const PROGRAM = `
const { workerData } = require('node:worker_threads');
const { DatabaseSync } = require('node:sqlite');
const db = new DatabaseSync(workerData);
const copy = db.prepare('pragma wal_checkpoint(passive)');
let before = 0;
let rounds = 0;
const round = () => {
  const { log, checkpointed } = copy.get();
  const isDone = log < before || (log === before && log === checkpointed);
  before = log;
  rounds += 1;
  if (isDone || rounds === 100) db.close();
  else setTimeout(round, 20);
};
round();
`;

const startThread: StartCopy = (path, ended) => {
  const worker = new Worker(PROGRAM, {
    eval: true,
    workerData: path,
    // What the application loads into each of its threads has no business in this one.
    execArgv: ['--no-warnings'],
    env: {},
  });
  worker.unref();
  worker.once('error', ended);
  worker.once('exit', () => ended());
};

/** SQLite says how long its log is without copying it since 3.51. */
const tellsLength = (db: NodeDatabase): boolean => {
  const [row] = db.prepare('select sqlite_version() as version').all() as { version: string }[];
  const [major = 0, minor = 0] = row!.version.split('.').map(Number);
  return major > 3 || (major === 3 && minor >= 51);
};

/** From 64 MiB on, where there are no threads: a crowd of ten thousand waits for it once. */
const byItself = (db: NodeDatabase): void => {
  if (db.isOpen !== false) db.exec('pragma wal_autocheckpoint = 16000');
};

/** From 256 MiB on, where threads found no moment in which nobody wrote: looking a page up takes longer in a longer log. */
const asLastResort = (db: NodeDatabase): void => db.exec('pragma wal_autocheckpoint = 64000');

const nothing = (): void => undefined;

/**
 * Keeps the write-ahead log short: what stands in it has to be copied into the database, and nothing else would happen in
 * this process meanwhile, for 300 ms where ten thousand users went offline.
 *
 * @returns to be called behind each write
 * @see https://sqlite.org/wal.html#ckpt
 */
export const keepLogShort = (
  db: NodeDatabase,
  startCopy: StartCopy = startThread,
): (() => void) => {
  const path = db.location?.() ?? null;
  if (path === null || !tellsLength(db)) {
    byItself(db);
    return nothing;
  }
  asLastResort(db);
  const length = db.prepare('pragma wal_checkpoint(noop)');
  let writes = 0;
  let isCopying = false;
  let isAlone = false;
  /** The log's length when it was last copied. */
  let copiedAt = 0;

  const copy = (): void => {
    isCopying = true;
    const ended = (error?: unknown): void => {
      isCopying = false;
      if (error === undefined) return;
      // No thread may be started, or none can open the file: nobody needs to know.
      isAlone = true;
      byItself(db);
    };
    try {
      startCopy(path, ended);
    } catch (error) {
      ended(error);
    }
  };

  return () => {
    writes += 1;
    if (writes % LOOK_EVERY !== 0 || isCopying || isAlone || db.isTransaction) return;
    const [row] = length.all() as { log: number; checkpointed: number }[];
    const { log, checkpointed } = row!;
    if (log < copiedAt) copiedAt = 0;
    if (log - Math.max(checkpointed, copiedAt) < WORTH_A_THREAD) return;
    copiedAt = log;
    copy();
  };
};

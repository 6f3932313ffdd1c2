import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { NodeDatabase } from './node-sqlite.ts';

/** A copy under way. */
interface Copy {
  /** Ends it after the step that it is at, and waits until the file is let go of. */
  stop(): void;
}

/** Copies the log of the database in this file into it, beside the event loop. Ends by itself, perhaps with an error. */
type StartCopy = (path: string, onEnd: (error?: unknown) => void) => Copy;

export interface ShortLog {
  /** To be called behind each write. Never throws: the write is done. */
  onWrite(): void;
  /** To be called before the database is closed, so that whoever closes it last finds nobody else there. */
  stop(): void;
}

/** Pages (32 MiB) that are worth a thread, which takes 40 ms of another CPU to start. */
const WORTH_A_THREAD = 8000;
/** Writes between two looks at the log, of 2 us each. */
const LOOK_EVERY = 16;
/** As long as a step may take on a slow disk. */
const MOST_STOPPING_MS = 2000;

/** Places of what both threads see. */
const [STOPPED, ENDED] = [0, 1];

/**
 * As text, for a file of its own would be lost where an application is bundled. Goes on until the log was begun anew, or
 * nobody writes: then the next write does it. Whoever reads an old state, or copies too, is waited for for two seconds.
 */
const PROGRAM = `
const { workerData: { file, state } } = require('node:worker_threads');
process.once('exit', () => {
  Atomics.store(state, ${ENDED}, 1);
  Atomics.notify(state, ${ENDED});
});
const isStopped = () => Atomics.load(state, ${STOPPED}) === 1;
if (!isStopped()) {
  const { DatabaseSync } = require('node:sqlite');
  const db = new DatabaseSync(file);
  const copy = db.prepare('pragma wal_checkpoint(passive)');
  let before = 0;
  let rounds = 0;
  const isCopied = () => {
    const { busy, log, checkpointed } = copy.get();
    if (busy) return false;
    const isAll = log < before || (log === before && log === checkpointed);
    before = log;
    return isAll;
  };
  const round = () => {
    rounds += 1;
    if (isStopped() || isCopied() || rounds === 100) db.close();
    else setTimeout(round, 20);
  };
  round();
}
`;

const startThread: StartCopy = (path, onEnd) => {
  const state = new Int32Array(new SharedArrayBuffer(8));
  const worker = new Worker(PROGRAM, {
    eval: true,
    // A file that was deleted meanwhile is not made anew.
    workerData: { file: `${pathToFileURL(path).href}?mode=rw`, state },
    // What the application loads into each of its threads has no business in this one.
    execArgv: ['--no-warnings'],
    env: {},
  });
  worker.unref();
  worker.once('error', onEnd);
  worker.once('exit', () => onEnd());
  return {
    stop: () => {
      Atomics.store(state, STOPPED, 1);
      Atomics.wait(state, ENDED, 0, MOST_STOPPING_MS);
    },
  };
};

/** A second copy of SQLite in one process would undo the locks of the first. */
const isOfNode = (db: NodeDatabase): boolean => {
  const sqlite = process.getBuiltinModule?.('node:sqlite');
  return sqlite !== undefined && db instanceof sqlite.DatabaseSync;
};

/**
 * SQLite says how long its log is, without copying it, since 3.51.0, and may be asked for copies by a second connection all
 * the time since 3.51.3.
 *
 * @see https://sqlite.org/wal.html#walresetbug
 */
const allowsThreads = (db: NodeDatabase): boolean => {
  const rows = db.prepare('select sqlite_version() as version').all() as { version?: string }[];
  const [major = 0, minor = 0, patch = 0] = (rows[0]?.version ?? '').split('.').map(Number);
  return major > 3 || (major === 3 && (minor > 51 || (minor === 51 && patch >= 3)));
};

/** From 64 MiB on, where there are no threads: a crowd of ten thousand waits for it once. */
const copyByItself = (db: NodeDatabase): void => {
  if (db.isOpen !== false) db.exec('pragma wal_autocheckpoint = 16000');
};

/** From 256 MiB on, where threads found no moment in which nobody wrote: looking a page up takes longer in a longer log. */
const copyAsLastResort = (db: NodeDatabase): void => db.exec('pragma wal_autocheckpoint = 64000');

const NOTHING: ShortLog = Object.freeze({ onWrite: () => undefined, stop: () => undefined });

/** Copies in a thread, one at a time. */
const createCopies = (db: NodeDatabase, path: string, startCopy: StartCopy) => {
  let underWay: Copy | null = null;
  let areRefused = false;

  const begin = (): void => {
    let isOver = false;
    const onEnd = (error?: unknown): void => {
      isOver = true;
      underWay = null;
      if (error === undefined) return;
      // No thread may be started, or none can open the file: SQLite does it, and nobody needs to know.
      areRefused = true;
      copyByItself(db);
    };
    try {
      const started = startCopy(path, onEnd);
      if (!isOver) underWay = started;
    } catch (error) {
      onEnd(error);
    }
  };

  return {
    begin,
    mayBegin: () => underWay === null && !areRefused,
    stop: () => {
      areRefused = true;
      underWay?.stop();
    },
  };
};

/**
 * Keeps the write-ahead log short: what stands in it has to be copied into the database, and nothing else would happen in
 * this process meanwhile, for 300 ms where ten thousand users went offline.
 *
 * @see https://sqlite.org/wal.html#ckpt
 */
export const keepLogShort = (db: NodeDatabase, startCopy: StartCopy = startThread): ShortLog => {
  const path = db.location?.() ?? null;
  if (path === null || !isOfNode(db) || !allowsThreads(db)) {
    copyByItself(db);
    return NOTHING;
  }
  copyAsLastResort(db);
  const length = db.prepare('pragma wal_checkpoint(noop)');
  const copies = createCopies(db, path, startCopy);
  let writes = 0;
  /** The log's length when the last copy of it began. */
  let copiedFrom = 0;

  const look = (): void => {
    const [row] = length.all() as { log: unknown; checkpointed: unknown }[];
    const [log, copied] = [Number(row!.log), Number(row!.checkpointed)];
    if (log < copiedFrom) copiedFrom = 0;
    if (log - Math.max(copied, copiedFrom) < WORTH_A_THREAD) return;
    copiedFrom = log;
    copies.begin();
  };

  return {
    onWrite: () => {
      writes += 1;
      if (writes < LOOK_EVERY || db.isTransaction || !copies.mayBegin()) return;
      writes = 0;
      try {
        look();
      } catch {
        // Something is being read on this connection: the next look will do.
      }
    },
    stop: copies.stop,
  };
};

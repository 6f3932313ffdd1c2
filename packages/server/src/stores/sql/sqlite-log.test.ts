import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { DatabaseSync, type DatabaseSyncOptions } from 'node:sqlite';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { nodeSqlite } from './node-sqlite.ts';
import { keepLogShort } from './sqlite-log.ts';

type Start = NonNullable<Parameters<typeof keepLogShort>[1]>;

const PAGE_BYTES = 4096;
/** Pages that are worth a thread, and some. */
const MANY = 9000;
/** More writes than there are between two looks. */
const WRITES = 40;

let folder: string;
let file: string;
let db: DatabaseSync;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'presence-log-'));
  file = join(folder, 'presence.db');
});

afterEach(() => {
  if (db.isOpen) db.close();
  rmSync(folder, { recursive: true, force: true });
});

const open = (options: DatabaseSyncOptions = {}) => {
  db = new DatabaseSync(file, options);
  return nodeSqlite(db);
};

/** The same with threads of the test's own. */
const openWith = (start: Start) => {
  open();
  db.exec('create table page (data blob)');
  return keepLogShort(db, start);
};

/** Threads that are never done. */
const threads = () => vi.fn<Start>(() => ({ stop: () => undefined }));

const numbersOf = (text: string): number[] => Object.values(db.prepare(text).get()!).map(Number);

const logOf = () => {
  const [, log, copied] = numbersOf('pragma wal_checkpoint(noop)');
  return { log: log!, left: log! - copied! };
};

const byItself = () => numbersOf('pragma wal_autocheckpoint')[0];

const addPages = (pages: number): void =>
  db.exec(`with recursive n(i) as (select 1 union all select i + 1 from n where i < ${pages})
    insert into page select zeroblob(${PAGE_BYTES}) from n`);

type Prepare = ReturnType<typeof nodeSqlite>['prepare'];

/** As the store writes: some statements, then `commit`. */
const transaction = (prepare: Prepare, statements: number, bytes: number): void => {
  const insert = prepare('insert into page values (zeroblob(?))');
  prepare('begin immediate').run([]);
  for (let each = 0; each < statements; each += 1) insert.run([bytes]);
  prepare('commit').run([]);
};

const write = (prepare: Prepare, pages: number): void => {
  prepare('create table if not exists page (data blob)').run([]);
  transaction(prepare, pages, PAGE_BYTES);
  for (let each = 0; each < WRITES; each += 1) transaction(prepare, 1, 1);
};

const lookAgain = (onWrite: () => void): void => {
  for (let writes = 0; writes < WRITES; writes += 1) onWrite();
};

describe("SQLite's log", () => {
  it.each<[string, DatabaseSyncOptions]>([
    ['', {}],
    [', whatever its numbers are told as', { readBigInts: true }],
  ])('is copied by a thread, after which a write begins it anew%s', async (_how, options) => {
    const { prepare } = open(options);
    write(prepare, MANY);
    await vi.waitFor(() => expect(logOf().left).toBe(0), { timeout: 20_000, interval: 20 });
    expect([byItself(), statSync(file).size > MANY * PAGE_BYTES]).toEqual([64_000, true]);
    write(prepare, 1);
    expect(logOf().log).toBeLessThan(200);
  });

  it.each([1, 2, 3, 4, 5, 6])(
    'is looked at, whichever of its writes a transaction of %i ends with',
    (writes) => {
      const start = threads();
      const { onWrite } = openWith(start);
      addPages(MANY);
      onWrite();
      for (let each = 0; each < WRITES; each += 1) {
        db.exec('begin immediate');
        for (let within = 0; within < writes; within += 1) onWrite();
        db.exec('commit');
        onWrite();
      }
      expect(start).toHaveBeenCalledOnce();
    },
  );

  it('is left alone while it is short', () => {
    const start = threads();
    const { onWrite } = openWith(start);
    lookAgain(onWrite);
    expect(start).not.toHaveBeenCalled();
  });

  it('is copied once at a time, never within a transaction, and again once it grew or was begun anew', () => {
    const ends: (() => void)[] = [];
    const { onWrite } = openWith((_path, onEnd) => {
      ends.push(() => onEnd());
      return { stop: () => undefined };
    });
    db.exec('begin');
    addPages(MANY);
    lookAgain(onWrite);
    expect(ends).toHaveLength(0);
    db.exec('commit');
    lookAgain(onWrite);
    lookAgain(onWrite);
    expect(ends).toHaveLength(1);
    ends[0]!();
    lookAgain(onWrite);
    expect(ends).toHaveLength(1);
    addPages(MANY);
    lookAgain(onWrite);
    expect(ends).toHaveLength(2);
    ends[1]!();
    db.exec('pragma wal_checkpoint(passive)');
    addPages(1);
    lookAgain(onWrite);
    addPages(MANY);
    lookAgain(onWrite);
    expect(ends).toHaveLength(3);
  });

  it.each<[string, Start]>([
    [
      'may not be started',
      () => {
        throw new Error('Access to this API has been restricted.');
      },
    ],
    [
      'ends at once',
      (_path, onEnd) => {
        onEnd(new Error('unable to open database file'));
        return { stop: () => undefined };
      },
    ],
  ])('is copied by SQLite itself where a thread %s', (_why, start) => {
    const { onWrite } = openWith(start);
    addPages(MANY);
    lookAgain(onWrite);
    expect(byItself()).toBe(16_000);
  });

  it('is copied by SQLite itself where a thread cannot open the file', async () => {
    const elsewhere = join(folder, 'elsewhere.db');
    db = new (class extends DatabaseSync {
      override location(): string {
        return elsewhere;
      }
    })(file);
    write(nodeSqlite(db).prepare, MANY);
    await vi.waitFor(() => expect(byItself()).toBe(16_000), { timeout: 20_000, interval: 20 });
    expect(existsSync(elsewhere)).toBe(false);
  });

  it('is none in memory', () => {
    db = new DatabaseSync(':memory:');
    expect(() => write(nodeSqlite(db).prepare, 10)).not.toThrow();
    expect(byItself()).toBe(16_000);
  });

  it('no write fails for it while something is read on the same connection', () => {
    const start = threads();
    const { onWrite } = openWith(start);
    addPages(MANY);
    const reading = db.prepare('select data from page').iterate();
    reading.next();
    expect(() => lookAgain(onWrite)).not.toThrow();
    expect(start).not.toHaveBeenCalled();
    reading.return?.();
    lookAgain(onWrite);
    expect(start).toHaveBeenCalledOnce();
  });

  it.each([
    ['at once', () => undefined],
    ['while it is copied', () => expect(logOf().left).toBeLessThan(MANY)],
  ])('is all in the file when the database is closed %s', async (_when, isTime) => {
    const { prepare, close } = open();
    write(prepare, MANY);
    await vi.waitFor(isTime, { timeout: 20_000, interval: 1 });
    close();
    expect([existsSync(`${file}-wal`), existsSync(`${file}-shm`)]).toEqual([false, false]);
    expect(statSync(file).size).toBeGreaterThan(MANY * PAGE_BYTES);
  });
});

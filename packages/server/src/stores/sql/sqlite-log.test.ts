import { mkdtempSync, rmSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { nodeSqlite } from './node-sqlite.ts';
import { keepLogShort } from './sqlite-log.ts';

const PAGE_BYTES = 4096;
/** Pages that are worth a thread, and some. */
const MANY = 9000;

let folder: string;
let db: DatabaseSync;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'presence-log-'));
  db = new DatabaseSync(join(folder, 'presence.db'));
});

afterEach(() => {
  if (db.isOpen) db.close();
  rmSync(folder, { recursive: true, force: true });
});

const logOf = () => {
  const { log, checkpointed } = db.prepare('pragma wal_checkpoint(noop)').get()!;
  return { log: Number(log), left: Number(log) - Number(checkpointed) };
};

const byItself = () => Object.values(db.prepare('pragma wal_autocheckpoint').get()!)[0];

/** One transaction of so many pages, and as many small ones as it takes until the log is looked at. */
const write = (prepare: ReturnType<typeof nodeSqlite>['prepare'], pages: number): void => {
  prepare('create table if not exists page (data blob)').run([]);
  prepare('begin immediate').run([]);
  const insert = prepare('insert into page values (zeroblob(?))');
  for (let page = 0; page < pages; page += 1) insert.run([PAGE_BYTES]);
  prepare('commit').run([]);
  for (let small = 0; small < 16; small += 1) insert.run([1]);
};

describe("SQLite's log", () => {
  it('is copied into the database by a thread, after which a write begins it anew', async () => {
    const { prepare } = nodeSqlite(db);
    write(prepare, MANY);
    expect(logOf().left).toBeGreaterThan(MANY);
    await vi.waitFor(() => expect(logOf().left).toBe(0), { timeout: 10_000 });
    write(prepare, 1);
    expect(logOf().log).toBeLessThan(100);
  });

  it('is left alone while it is short', () => {
    const start = vi.fn();
    nodeSqlite(db);
    const onWrite = keepLogShort(db, start);
    db.exec('create table page (data blob)');
    for (let writes = 0; writes < 100; writes += 1) onWrite();
    expect(start).not.toHaveBeenCalled();
  });

  it('is copied once at a time, and not again for what was copied', () => {
    const ends: (() => void)[] = [];
    const { prepare } = nodeSqlite(db);
    const onWrite = keepLogShort(db, (_path, ended) => ends.push(() => ended()));
    const look = (): void => {
      for (let writes = 0; writes < 16; writes += 1) onWrite();
    };
    db.exec('create table page (data blob)');
    db.exec('begin');
    for (let page = 0; page < MANY; page += 1)
      prepare('insert into page values (zeroblob(4096))').all([]);
    look();
    expect(ends).toHaveLength(0);
    db.exec('commit');
    look();
    look();
    expect(ends).toHaveLength(1);
    ends[0]!();
    look();
    expect(ends).toHaveLength(1);
  });

  it.each<[string, Parameters<typeof keepLogShort>[1]]>([
    [
      'may not be started',
      () => {
        throw new Error('Access to this API has been restricted.');
      },
    ],
    ['cannot open the file', (_path, ended) => ended(new Error('unable to open database file'))],
  ])('is copied by SQLite itself where a thread %s', (_why, start) => {
    nodeSqlite(db);
    const onWrite = keepLogShort(db, start);
    expect(byItself()).toBe(64_000);
    db.exec('create table page (data blob)');
    db.exec(`with recursive n(i) as (select 1 union all select i + 1 from n where i < ${MANY})
      insert into page select zeroblob(4096) from n`);
    for (let writes = 0; writes < 16; writes += 1) onWrite();
    expect(byItself()).toBe(16_000);
  });

  it('is none in memory', () => {
    db.close();
    db = new DatabaseSync(':memory:');
    expect(() => write(nodeSqlite(db).prepare, 10)).not.toThrow();
    expect(byItself()).toBe(16_000);
  });
});

import { Kysely, MysqlDialect, sql } from 'kysely';
import { createPool, type PoolConnection } from 'mysql2';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connect, missingSql, urlOf } from '../../../../test-fixtures/sql.ts';
import type { Db } from '../dialect.ts';
import { sqlStore } from '../sql-store.ts';
import { migrate, migrateDown, migrationStatus } from './migrate.ts';

const options = { prefix: `half${process.pid}_` };

/** Changes of tables cannot be undone there: each is a point at which a migration may be stopped. */
const CHANGES_TABLES = /^\s*(create|alter|drop)/i;

/** A connection that is lost in the place of a change of tables. */
const losing = (connection: PoolConnection, isTime: () => boolean): void => {
  const query = connection.query.bind(connection) as (...args: unknown[]) => unknown;
  const lost = (text: string, values: unknown, answer: (error: Error) => void): unknown => {
    if (!CHANGES_TABLES.test(text) || !isTime()) return query(text, values, answer);
    connection.destroy();
    return answer(new Error('The connection was lost.'));
  };
  connection.query = lost as unknown as typeof connection.query;
};

/** A server whose process ends before that many changes of tables. */
const dying = (after: number): Db => {
  let left = after;
  const pool = createPool({ uri: urlOf('mariadb'), connectionLimit: 1 });
  return new Kysely<unknown>({
    dialect: new MysqlDialect({
      pool: {
        getConnection: (given) =>
          pool.getConnection((error, connection) => {
            if (connection) losing(connection, () => (left -= 1) < 0);
            given(error, connection);
          }),
        end: (ended) => pool.end(ended),
      },
    }),
  });
};

describe.skipIf(missingSql('mariadb'))('a server that is lost in the middle of a migration', () => {
  let db: Db;
  beforeAll(() => {
    db = connect('mariadb');
  });
  afterAll(async () => {
    await migrateDown(db, { ...options, all: true });
    await db.destroy();
  });

  const isWhole = async (): Promise<boolean> =>
    (await migrationStatus(db, options)).every(({ isApplied }) => isApplied);

  /** @returns whether it was lost */
  const stopped = async (after: number, work: (lost: Db) => Promise<unknown>): Promise<boolean> => {
    const lost = dying(after);
    const outcome = await work(lost).then(
      () => false,
      () => true,
    );
    await lost.destroy().catch(() => undefined);
    return outcome;
  };

  it('is gone on with by the next, wherever it was', async () => {
    for (let after = 1, isLost = true; isLost; after += 1) {
      isLost = await stopped(after, (lost) => migrate(lost, options));
      if (isLost) {
        expect(await isWhole()).toBe(false);
        await expect(sqlStore({ db, ...options }).load([])).rejects.toThrow('Run migrate(db)');
      }
      await migrate(db, options);
      expect(await isWhole()).toBe(true);
      await migrateDown(db, { ...options, all: true });
    }
  }, 120_000);

  it('is gone on with where it undid them, and nothing is left of them', async () => {
    const undoAll = (lost: Db) => migrateDown(lost, { ...options, all: true });
    for (let after = 0, isLost = true; isLost; after += 3) {
      await migrate(db, options);
      isLost = await stopped(after, undoAll);
      if (isLost) expect(await isWhole()).toBe(false);
      await migrate(db, options);
      expect(await isWhole()).toBe(true);
      await stopped(after, undoAll);
      await undoAll(db);
    }
    const left = await sql`select 1 from information_schema.tables
      where table_schema = database() and table_name like ${`${options.prefix}%`}`.execute(db);
    expect(left.rows).toEqual([]);
  }, 120_000);
});

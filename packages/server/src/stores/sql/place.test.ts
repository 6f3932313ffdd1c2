import { DialectAdapterBase, Kysely, SqliteDialect, type Dialect } from 'kysely';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import { accepted, keyOf, writeOf } from '../../testing/suite/writes.ts';
import { migrate } from './migrations/migrate.ts';
import { nodeSqlite } from './node-sqlite.ts';
import { sqlStore } from './sql-store.ts';

class Stranger extends DialectAdapterBase {
  override get supportsTransactionalDdl(): boolean {
    return false;
  }
  override get supportsReturning(): boolean {
    return true;
  }
  override async acquireMigrationLock(): Promise<void> {}
  override async releaseMigrationLock(): Promise<void> {}
}

/** As another driver brings it: its adapter is none of Kysely's, its language is one of them. */
const foreign = (): Dialect => {
  const inside = new SqliteDialect({ database: nodeSqlite(new DatabaseSync(':memory:')) });
  return {
    createAdapter: () => new Stranger(),
    createDriver: () => inside.createDriver(),
    createQueryCompiler: () => inside.createQueryCompiler(),
    createIntrospector: (db) => inside.createIntrospector(db),
  };
};

describe('a dialect that is not Kysely’s own', () => {
  it('is taken for what it is called, and has to be called something', async () => {
    const db = new Kysely<unknown>({ dialect: foreign() });
    expect(() => sqlStore({ db })).toThrow(
      'The database of db is unknown. Name it: dialect: "postgres", "mysql" or "sqlite".',
    );
    expect(() => sqlStore({ db, dialect: 'oracle' as never })).toThrow(
      'dialect must be one of postgres, mysql, sqlite: saw "oracle".',
    );
    await migrate(db, { dialect: 'sqlite' });
    const store = sqlStore({ db, dialect: 'sqlite' });
    await accepted(store, writeOf('ada'));
    expect((await store.load([keyOf('ada')])).items[0]!.record).not.toBeNull();
    await store.close();
    await db.destroy();
  });
});

import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createHeard } from '../../../../test-fixtures/plans.ts';
import { connect, missingSql, type DatabaseName } from '../../../../test-fixtures/sql.ts';
import type { Db } from '../dialect.ts';
import { sqlStore } from '../sql-store.ts';
import { migrate, migrateDown, migrationStatus } from './migrate.ts';
import { MIGRATIONS } from './migrations.ts';

const DATABASES: readonly DatabaseName[] = ['node:sqlite', 'pglite', 'postgres', 'mariadb'];
const names = MIGRATIONS.map(({ name }) => name);
const key = { tenant: 'acme', userId: 'ada' };
let made = 0;

describe.each(DATABASES)('migrations on %s', (name) => {
  describe.skipIf(missingSql(name))('of tables of their own', () => {
    let db: Db;
    const heard = createHeard();
    const options = { prefix: `m${process.pid}_${(made += 1)}_` };
    beforeAll(async () => {
      db = connect(name, heard.log);
      // PGlite takes a while to start.
      await sql`select 1`.execute(db);
    });
    afterAll(async () => {
      await migrateDown(db, { ...options, all: true });
      await db.destroy();
    });

    it('says what to do where the tables are missing', async () => {
      await expect(sqlStore({ db, ...options }).load([key])).rejects.toThrow(
        'The database has no presence tables under this prefix and schema. Run migrate(db)',
      );
      expect(await migrationStatus(db, options)).toEqual(
        names.map((each) => ({ name: each, isApplied: false })),
      );
    });

    it('are applied once when two nodes run them together', async () => {
      const both = await Promise.all([migrate(db, options), migrate(db, options)]);
      expect(both.flatMap((each) => each.names).sort()).toEqual(names);
      expect(await migrate(db, options)).toEqual({ names: [] });
      expect((await sqlStore({ db, ...options }).load([key])).items[0]?.record).toBeNull();
    });

    it('refuse the tables of a newer release, and so does the store', async () => {
      const table = sql.table(`${options.prefix}migration`);
      await sql`insert into ${table} (name, applied_at) values ('999-later', 1)`.execute(db);
      const refusal = 'were migrated by a newer release of @presence/server (999-later)';
      await expect(migrate(db, options)).rejects.toThrow(refusal);
      await expect(migrationStatus(db, options)).rejects.toThrow(refusal);
      await expect(sqlStore({ db, ...options }).load([key])).rejects.toThrow(refusal);
      await sql`delete from ${table} where name = '999-later'`.execute(db);
    });

    it('take no right but to read where there is nothing to do', async () => {
      const statements = await heard.during(() => migrate(db, options));
      expect(statements.map((each) => each.sql)).toEqual(
        statements.map(() => expect.stringMatching(/^\s*select/)),
      );
    });

    it('are undone, and applied again', async () => {
      expect(await migrateDown(db, options)).toEqual({ names: names.slice(-1) });
      expect((await migrationStatus(db, options)).at(-1)?.isApplied).toBe(false);
      await expect(sqlStore({ db, ...options }).load([key])).rejects.toThrow(
        `The presence tables are of an older release: ${names.at(-1)} was not applied. Run migrate(db)`,
      );
      expect(await migrate(db, options)).toEqual({ names: names.slice(-1) });
    });

    it('leave nothing behind when all are undone, and make nothing to undo', async () => {
      const undone = await migrateDown(db, { ...options, all: true });
      expect(undone).toEqual({ names: names.toReversed() });
      const table = sql.table(`${options.prefix}migration`);
      await expect(sql`select 1 from ${table}`.execute(db)).rejects.toThrow();
      expect(await migrateDown(db, { ...options, all: true })).toEqual({ names: [] });
      await expect(sql`select 1 from ${table}`.execute(db)).rejects.toThrow();
    });
  });
});

/** What is seen of the time before a lock is not what was waited for. */
describe.each(['postgres', 'mariadb'] as const)('an application on %s', (name) => {
  it.skipIf(missingSql(name))('may make all its transactions serializable', async () => {
    const options = { prefix: `i${process.pid}_` };
    const nodes = [1, 2, 3].map(() => connect(name, undefined, 'serializable'));
    const [db] = nodes as [Db];
    const migrated = await Promise.all(nodes.map((each) => migrate(each, options)));
    expect(migrated.flatMap((each) => each.names).sort()).toEqual(names);
    await migrateDown(db, { ...options, all: true });
    await Promise.all(nodes.map((each) => each.destroy()));
  });
});

describe.skipIf(missingSql('postgres'))('a schema of Postgres', () => {
  it('that somebody made for the store is not made again', async () => {
    const heard = createHeard();
    const db = connect('postgres', heard.log);
    const schema = `made_${process.pid}`;
    await sql`create schema ${sql.id(schema)}`.execute(db);
    const statements = await heard.during(() => migrate(db, { schema }));
    expect(statements.map((each) => each.sql).join()).not.toMatch(/create schema/i);
    await sql`drop schema ${sql.id(schema)} cascade`.execute(db);
    await db.destroy();
  });

  it('holds all tables of the store', async () => {
    const db = connect('postgres');
    const schema = `presence_${process.pid}`;
    await migrate(db, { schema });
    const { rows } = await sql<{ name: string }>`select table_name as name
      from information_schema.tables where table_schema = ${schema}`.execute(db);
    expect(rows.map((row) => row.name)).toContain('presence_user');
    expect((await sqlStore({ db, schema }).load([key])).items[0]?.record).toBeNull();
    await sql`drop schema ${sql.id(schema)} cascade`.execute(db);
    await db.destroy();
  });
});

import { sql, type Kysely } from 'kysely';
import type { Db, Dialect } from '../dialect.ts';
import { unavailable } from '../failures.ts';
import { dialectOf, placeOf, type PlaceOptions } from '../place.ts';
import { createTables, nameOf, type Place } from '../tables.ts';
import { MIGRATIONS, type Ground, type Migration } from './migrations.ts';
import { appliedNames, refuseNewer } from './schema-version.ts';

/** What was done, in order. */
export interface Migrated {
  /** Names of the migrations. Empty: there was nothing to do. */
  readonly names: readonly string[];
}

export interface MigrationStatus {
  readonly name: string;
  readonly isApplied: boolean;
}

const tableOf = (place: Place) => sql.table(nameOf(place, 'migration'));

const createTable = async ({ db, tables }: Ground): Promise<void> => {
  const { schema } = tables.place;
  if (schema !== undefined) await sql`create schema if not exists ${sql.id(schema)}`.execute(db);
  await sql`create table if not exists ${tableOf(tables.place)}
    (name varchar(100) not null primary key, applied_at bigint not null)`.execute(db);
};

/** One at a time, whoever else migrates the same tables meanwhile. */
const locked = async <Answer>(
  db: Kysely<never>,
  options: PlaceOptions,
  work: (ground: Ground, applied: readonly string[]) => Promise<Answer>,
): Promise<Answer> => {
  const { dialect, plain, place } = groundOf(db, options);
  const lock = nameOf(place, 'migration');
  try {
    return await again(dialect, () =>
      dialect.exclusively(plain, lock, async (tx) => {
        const ground: Ground = { db: tx, dialect, tables: createTables(place) };
        await createTable(ground);
        const applied = await appliedNames(tx, place);
        refuseNewer(applied, place);
        return work(ground, applied);
      }),
    );
  } catch (error) {
    throw unavailable(error, dialect.meaningOf(error));
  }
};

/** Somebody else had the lock, or made the same table first. */
const again = async <Answer>(dialect: Dialect, work: () => Promise<Answer>): Promise<Answer> => {
  for (let tries = 1; ; tries += 1) {
    try {
      return await work();
    } catch (error) {
      if (tries === 100 || dialect.meaningOf(error) !== 'again') throw error;
    }
  }
};

const groundOf = (db: Kysely<never>, options: PlaceOptions) => ({
  plain: db.withoutPlugins() as unknown as Db,
  dialect: dialectOf(db, options.dialect),
  place: placeOf(options),
});

const apply = async (ground: Ground, { name, up }: Migration): Promise<void> => {
  const { db, dialect, tables } = ground;
  await up(ground);
  await sql`insert into ${tableOf(tables.place)} (name, applied_at)
    values (${name}, ${dialect.clock})`.execute(db);
};

const undo = async (ground: Ground, { name, down }: Migration): Promise<void> => {
  await down(ground);
  await sql`delete from ${tableOf(ground.tables.place)} where name = ${name}`.execute(ground.db);
};

/**
 * Brings the store's tables to this release. Safe when several nodes call it together; run it before
 * the store is used, at start or as a step of the deploy.
 *
 * @throws PresenceError `invalid_options` where the tables are of a newer release
 */
export const migrate = <Schema>(
  db: Kysely<Schema>,
  options: PlaceOptions = {},
): Promise<Migrated> =>
  locked(db as unknown as Kysely<never>, options, async (ground, applied) => {
    const missing = MIGRATIONS.filter(({ name }) => !applied.includes(name));
    for (const migration of missing) await apply(ground, migration);
    return { names: missing.map(({ name }) => name) };
  });

/**
 * Undoes the last migration, or all of them. **The data of the store is lost** with its tables.
 *
 * @param options.all default false
 */
export const migrateDown = <Schema>(
  db: Kysely<Schema>,
  options: PlaceOptions & { readonly all?: boolean } = {},
): Promise<Migrated> => {
  const { all = false, ...place } = options;
  return locked(db as unknown as Kysely<never>, place, async (ground, applied) => {
    const present = MIGRATIONS.filter(({ name }) => applied.includes(name)).toReversed();
    const undone = all ? present : present.slice(0, 1);
    for (const migration of undone) await undo(ground, migration);
    return { names: undone.map(({ name }) => name) };
  });
};

/** Each migration of this release, and whether the database has it. Changes nothing. */
export const migrationStatus = async <Schema>(
  db: Kysely<Schema>,
  options: PlaceOptions = {},
): Promise<readonly MigrationStatus[]> => {
  const { plain, dialect, place } = groundOf(db as unknown as Kysely<never>, options);
  let applied: readonly string[] = [];
  try {
    applied = await appliedNames(plain, place);
  } catch (error) {
    const meaning = dialect.meaningOf(error);
    if (meaning !== 'missing') throw unavailable(error, meaning);
  }
  refuseNewer(applied, place);
  return MIGRATIONS.map(({ name }) => ({ name, isApplied: applied.includes(name) }));
};

import type { Kysely } from 'kysely';
import type { Db, Dialect } from '../dialect.ts';
import { dialectOf, placeOf, type PlaceOptions } from '../place.ts';
import { createTables, nameOf } from '../tables.ts';
import { dropTable, makeTable, markApplied, markBegun, unmark, type Marks } from './marks.ts';
import { MIGRATIONS, type Ground, type Migration } from './migrations.ts';
import { marksOf, missingIn, told } from './schema-version.ts';

/** What was done, in order. */
export interface Migrated {
  /** Names of the migrations. Empty: there was nothing to do. */
  readonly names: readonly string[];
}

export interface MigrationStatus {
  readonly name: string;
  readonly isApplied: boolean;
}

const groundOf = (db: Kysely<never>, options: PlaceOptions): Ground => ({
  db: db.withoutPlugins() as unknown as Db,
  dialect: dialectOf(db, options.dialect),
  tables: createTables(placeOf(options)),
});

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

/** One at a time, whoever else migrates the same tables meanwhile. */
const locked = <Answer>(
  ground: Ground,
  work: (ground: Ground) => Promise<Answer>,
): Promise<Answer> => {
  const { db, dialect, tables } = ground;
  return again(dialect, () =>
    dialect.exclusively(db, nameOf(tables.place, 'migration'), (tx) => work({ ...ground, db: tx })),
  );
};

const apply = async (
  ground: Ground,
  { name, up, down }: Migration,
  marks: Marks,
): Promise<void> => {
  if (marks.begun.includes(name)) await down(ground);
  await markBegun(ground, name);
  await up(ground);
  await markApplied(ground, name);
};

const undo = async (ground: Ground, { name, down }: Migration): Promise<void> => {
  await markBegun(ground, name);
  await down(ground);
  await unmark(ground, name);
};

const applyMissing = async (ground: Ground): Promise<string[]> => {
  await makeTable(ground);
  const marks = await marksOf(ground);
  const missing = missingIn(marks);
  for (const migration of missing) await apply(ground, migration, marks);
  return missing.map(({ name }) => name);
};

/**
 * Brings the store's tables to this release. Safe when several nodes call it together, and where there is nothing to do it
 * takes the right to read alone; run it before the store is used, at start or as a step of the deploy. One that was stopped in
 * the middle is gone on with.
 *
 * @throws PresenceError `invalid_options` where the tables are of a newer release
 */
export const migrate = async <Schema>(
  db: Kysely<Schema>,
  options: PlaceOptions = {},
): Promise<Migrated> => {
  const ground = groundOf(db as unknown as Kysely<never>, options);
  return told(ground.dialect, async () => {
    const isDone = missingIn(await marksOf(ground)).length === 0;
    return { names: isDone ? [] : await locked(ground, applyMissing) };
  });
};

const presentIn = ({ applied, begun }: Marks): Migration[] =>
  MIGRATIONS.filter(({ name }) => applied.includes(name) || begun.includes(name));

const undoPresent = async (ground: Ground, isAll: boolean): Promise<string[]> => {
  const present = presentIn(await marksOf(ground)).toReversed();
  const undone = isAll ? present : present.slice(0, 1);
  for (const migration of undone) await undo(ground, migration);
  if (undone.length > 0 && undone.length === present.length) await dropTable(ground);
  return undone.map(({ name }) => name);
};

/**
 * Undoes the last migration, or all of them. **The data of the store is lost** with its tables. Nothing is left of them when
 * all are undone, but a schema of their own.
 *
 * @param options.all default false
 */
export const migrateDown = async <Schema>(
  db: Kysely<Schema>,
  options: PlaceOptions & { readonly all?: boolean } = {},
): Promise<Migrated> => {
  const { all = false, ...place } = options;
  const ground = groundOf(db as unknown as Kysely<never>, place);
  return told(ground.dialect, async () => {
    const isNone = presentIn(await marksOf(ground)).length === 0;
    return { names: isNone ? [] : await locked(ground, (inside) => undoPresent(inside, all)) };
  });
};

/** Each migration of this release, and whether the database has it. Changes nothing. */
export const migrationStatus = async <Schema>(
  db: Kysely<Schema>,
  options: PlaceOptions = {},
): Promise<readonly MigrationStatus[]> => {
  const ground = groundOf(db as unknown as Kysely<never>, options);
  const { applied } = await told(ground.dialect, () => marksOf(ground));
  return MIGRATIONS.map(({ name }) => ({ name, isApplied: applied.includes(name) }));
};

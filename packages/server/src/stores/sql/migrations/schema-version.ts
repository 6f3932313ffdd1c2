import { sql } from 'kysely';
import type { Db } from '../dialect.ts';
import { invalid, outdated, unavailable } from '../failures.ts';
import type { Parts } from '../parts.ts';
import { nameOf, type Place } from '../tables.ts';
import { MIGRATIONS } from './migrations.ts';

const where = ({ prefix, schema }: Place): string =>
  `tables "${prefix}…"${schema === undefined ? '' : ` in schema "${schema}"`}`;

/** Names of what was applied, in order. */
export const appliedNames = async (db: Db, place: Place): Promise<string[]> => {
  const { rows } = await sql<{ name: string }>`select name
    from ${sql.table(nameOf(place, 'migration'))} order by name`.execute(db);
  return rows.map(({ name }) => name);
};

/** @throws PresenceError `invalid_options` where another release has changed what this one does not know */
export const refuseNewer = (applied: readonly string[], place: Place): void => {
  const unknown = applied.filter((name) => !MIGRATIONS.some((known) => known.name === name));
  if (unknown.length === 0) return;
  throw invalid(
    `The ${where(place)} were migrated by a newer release of @presence/server (${unknown.join(', ')}). ` +
      'Update this application, or migrate down with that release.',
  );
};

/** @throws PresenceError where the store's tables are missing, older or newer than this release */
export const checkSchema = async ({ db, dialect, tables }: Parts): Promise<void> => {
  let applied: string[];
  try {
    applied = await appliedNames(db, tables.place);
  } catch (error) {
    throw unavailable(error, dialect.meaningOf(error));
  }
  refuseNewer(applied, tables.place);
  const missing = MIGRATIONS.map(({ name }) => name).filter((name) => !applied.includes(name));
  if (missing.length === 0) return;
  throw applied.length === 0 ? unavailable(null, 'missing') : outdated(missing);
};

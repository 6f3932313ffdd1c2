import type { Dialect } from '../dialect.ts';
import { invalid, outdated, unavailable } from '../failures.ts';
import type { Place } from '../tables.ts';
import { readMarks, type Marks } from './marks.ts';
import { MIGRATIONS, type Ground, type Migration } from './migrations.ts';

const where = ({ prefix, schema }: Place): string =>
  `tables "${prefix}…"${schema === undefined ? '' : ` in schema "${schema}"`}`;

/** @throws PresenceError `invalid_options` where another release has changed what this one does not know */
const refuseNewer = (names: readonly string[], place: Place): void => {
  const unknown = names.filter((name) => !MIGRATIONS.some((known) => known.name === name));
  if (unknown.length === 0) return;
  throw invalid(
    `The ${where(place)} were migrated by a newer release of @presence/server (${unknown.join(', ')}). ` +
      'Update this application, or migrate down with that release.',
  );
};

/** @throws PresenceError `invalid_options` where the tables are of a newer release */
export const marksOf = async (ground: Ground): Promise<Marks> => {
  const marks = await readMarks(ground);
  refuseNewer([...marks.applied, ...marks.begun], ground.tables.place);
  return marks;
};

/** What this release has and the database has not, in order. */
export const missingIn = ({ applied }: Marks): Migration[] =>
  MIGRATIONS.filter(({ name }) => !applied.includes(name));

/** Work on the tables, with its failures as callers may know them. */
export const told = async <Answer>(
  dialect: Dialect,
  work: () => Promise<Answer>,
): Promise<Answer> => {
  try {
    return await work();
  } catch (error) {
    throw unavailable(error, dialect.meaningOf(error));
  }
};

/** @throws PresenceError where the store's tables are missing, older or newer than this release */
export const checkSchema = async (ground: Ground): Promise<void> => {
  const marks = await told(ground.dialect, () => marksOf(ground));
  const missing = missingIn(marks).map(({ name }) => name);
  if (missing.length === 0) return;
  const isNew = marks.applied.length + marks.begun.length === 0;
  throw isNew ? unavailable(null, 'missing') : outdated(missing);
};

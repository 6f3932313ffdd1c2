import { invalid, outdated, unavailable } from '../failures.ts';
import type { Parts } from '../parts.ts';
import type { Place } from '../tables.ts';
import { readMarks, type Marks } from './marks.ts';
import { MIGRATIONS } from './migrations.ts';

const where = ({ prefix, schema }: Place): string =>
  `tables "${prefix}…"${schema === undefined ? '' : ` in schema "${schema}"`}`;

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
  let marks: Marks;
  try {
    marks = await readMarks(db, dialect, tables.place);
  } catch (error) {
    throw unavailable(error, dialect.meaningOf(error));
  }
  const { applied, begun } = marks;
  refuseNewer([...applied, ...begun], tables.place);
  const missing = MIGRATIONS.map(({ name }) => name).filter((name) => !applied.includes(name));
  if (missing.length === 0) return;
  throw applied.length + begun.length === 0 ? unavailable(null, 'missing') : outdated(missing);
};

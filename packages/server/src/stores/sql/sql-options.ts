import type { Kysely } from 'kysely';
import { systemClock } from '../../system-clock.ts';
import { systemRandom } from '../../system-random.ts';
import type { Logger } from '../../types.ts';
import { createAttempts } from './attempts.ts';
import { invalid } from './failures.ts';
import { ownDb } from './own-db.ts';
import type { Parts } from './parts.ts';
import { dialectOf, placeOf, type PlaceOptions } from './place.ts';
import { createTables } from './tables.ts';
import { createTexts } from './text.ts';

/** What everything takes that works on the tables of `migrate(db)`. */
export interface SqlOptions<Schema> extends PlaceOptions {
  /** The application's Kysely: Postgres, PGlite, MySQL, MariaDB or SQLite. It is never closed here. */
  readonly db: Kysely<Schema>;
  /** How long a call may take before it fails. Default 900 ms: a heartbeat is answered within a second. */
  readonly deadlineMs?: number;
  /** Silent by default. */
  readonly logger?: Logger;
}

const KNOWN = ['db', 'prefix', 'schema', 'dialect', 'deadlineMs', 'logger'];

/** Half a round of the reaper: the pages of one round write the pulse once, and each round writes it. */
const PULSE_MS = 500;

const silent = (): void => undefined;
const SILENT: Logger = Object.freeze({ debug: silent, info: silent, warn: silent, error: silent });

const check = (options: object, others: readonly string[]): void => {
  const known = [...KNOWN, ...others];
  for (const [name, value] of Object.entries(options)) {
    if (!known.includes(name)) {
      throw invalid(`"${name}" is not an option. Known: ${known.join(', ')}.`);
    }
    if (name.endsWith('Ms') && value !== undefined && !(Number(value) > 0)) {
      throw invalid(`${name} must be above 0: saw ${String(value)}.`);
    }
  }
};

/**
 * Fills in every default, once.
 *
 * @param others names of options that the caller takes besides
 * @throws PresenceError `invalid_options`
 */
export const partsOf = <Schema>(
  options: SqlOptions<Schema>,
  others: readonly string[] = [],
): Parts => {
  check(options, others);
  const { db, deadlineMs = 900, logger = SILENT } = options;
  const dialect = dialectOf(db, options.dialect);
  const [clock, random] = [systemClock, systemRandom];
  return {
    db: ownDb(db),
    dialect,
    tables: createTables(placeOf(options)),
    texts: createTexts(dialect.longestKey),
    now: () => dialect.clock,
    pulseMs: PULSE_MS,
    channel: null,
    attempts: createAttempts({ clock, random, dialect }, deadlineMs),
    clock,
    random,
    logger,
  };
};

import type { Kysely } from 'kysely';
import { systemClock } from '../../system-clock.ts';
import { systemRandom } from '../../system-random.ts';
import type { Logger } from '../../types.ts';
import type { PresenceStore } from '../store.ts';
import { createAttempts } from './attempts.ts';
import { createSqlStore } from './create-store.ts';
import type { Db } from './dialect.ts';
import { invalid } from './failures.ts';
import { dialectOf, placeOf, type PlaceOptions } from './place.ts';
import { createTables } from './tables.ts';
import { createTexts } from './text.ts';

export interface SqlStoreOptions<Schema> extends PlaceOptions {
  /** The application's Kysely: Postgres, PGlite, MySQL, MariaDB or SQLite. The store never closes it. */
  readonly db: Kysely<Schema>;
  /** How often the feed of changes is read for commits of other nodes. Default 250 ms. */
  readonly pollMs?: number;
  /** How long a call may take before it fails. Default 2000 ms. */
  readonly deadlineMs?: number;
  /** Silent by default. */
  readonly logger?: Logger;
}

const KNOWN = ['db', 'prefix', 'schema', 'dialect', 'pollMs', 'deadlineMs', 'logger'];

const silent = (): void => undefined;
const SILENT: Logger = Object.freeze({ debug: silent, info: silent, warn: silent, error: silent });

const check = (options: object): void => {
  for (const [name, value] of Object.entries(options)) {
    if (!KNOWN.includes(name)) {
      throw invalid(`"${name}" is not an option. Known: ${KNOWN.join(', ')}.`);
    }
    if (name.endsWith('Ms') && value !== undefined && !(Number(value) > 0)) {
      throw invalid(`${name} must be above 0: saw ${String(value)}.`);
    }
  }
};

/**
 * Durable presence of many nodes in the application's own database, beside its tables. Its tables are
 * made by `migrate(db)`.
 *
 * @throws PresenceError `invalid_options` when an option cannot work
 * @example
 * await migrate(db)
 * const store = sqlStore({ db })
 */
export const sqlStore = <Schema>(options: SqlStoreOptions<Schema>): PresenceStore => {
  check(options);
  const { db, pollMs = 250, deadlineMs = 2000, logger = SILENT } = options;
  const dialect = dialectOf(db, options.dialect);
  const [clock, random] = [systemClock, systemRandom];
  const parts = {
    db: db.withoutPlugins() as unknown as Db,
    dialect,
    tables: createTables(placeOf(options)),
    texts: createTexts(dialect.longestKey),
    now: () => dialect.clock,
    attempts: createAttempts({ clock, random, dialect }, deadlineMs),
    clock,
    random,
    logger,
  };
  return createSqlStore(parts, pollMs);
};

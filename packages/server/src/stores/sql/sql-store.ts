import type { PresenceStore } from '../store.ts';
import { createSqlStore } from './create-store.ts';
import { partsOf, type SqlOptions } from './sql-options.ts';

export interface SqlStoreOptions<Schema> extends SqlOptions<Schema> {
  /** How often the feed of changes is read for commits of other nodes. Default 250 ms. */
  readonly pollMs?: number;
}

/**
 * Durable presence of many nodes in the application's own database, beside its tables. Its tables are
 * made by `migrate(db)`.
 *
 * @throws PresenceError `invalid_options` when an option cannot work
 * @example
 * await migrate(db)
 * const store = sqlStore({ db })
 */
export const sqlStore = <Schema>(options: SqlStoreOptions<Schema>): PresenceStore =>
  createSqlStore(partsOf(options, ['pollMs']), options.pollMs ?? 250);

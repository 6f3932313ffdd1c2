import type { PresenceStore } from '../store.ts';
import { createSqlStore } from './create-store.ts';
import { invalid } from './failures.ts';
import { channelOf, hearErrors, type ListenPool } from './feed/listening.ts';
import type { Parts } from './parts.ts';
import { keptPolicy } from './policy.ts';
import { createReady } from './ready.ts';
import { partsOf, type SqlOptions } from './sql-options.ts';

export interface SqlStoreOptions<Schema> extends SqlOptions<Schema> {
  /** How often the feed of changes is read for commits of other nodes. Default 250 ms. */
  readonly pollMs?: number;
  /**
   * On Postgres: the `Pool` of `pg` under `db`. One of its connections hears of commits at once
   * (`LISTEN`), and a connection that is lost is logged instead of ending the process. To be given to
   * the stores of all nodes, or some hear of others by `pollMs` alone. Default: none.
   */
  readonly listen?: ListenPool;
}

const checkListen = (pool: ListenPool, { dialect }: Parts): void => {
  if (dialect.name !== 'postgres') {
    throw invalid(`listen is for Postgres: db speaks to ${dialect.name}. Leave it out.`);
  }
  if (typeof pool.connect !== 'function' || typeof pool.on !== 'function') {
    throw invalid('listen must be a Pool of pg: new Pool({ connectionString }).');
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
  const { pollMs = 250, listen } = options;
  const parts = partsOf(options, ['pollMs', 'listen']);
  if (listen === undefined) return createSqlStore(parts, pollMs);
  checkListen(listen, parts);
  hearErrors(listen, parts.logger);
  return createSqlStore({ ...parts, channel: channelOf(parts.tables) }, pollMs, listen);
};

/** How the servers of a store judge, for whoever is none and only looks. */
export const sqlPolicy = <Schema>(options: SqlOptions<Schema>): Promise<string | null> => {
  const parts = partsOf(options);
  return keptPolicy(parts, createReady(parts));
};

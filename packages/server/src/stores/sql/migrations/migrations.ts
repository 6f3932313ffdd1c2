import type { Dialect, Db } from '../dialect.ts';
import type { Tables } from '../tables.ts';
import { firstTables } from './001-first-tables.ts';
import { history } from './002-history.ts';
import { sinkTables } from './003-sink.ts';
import { policyTable } from './004-policy.ts';
import { outboxTables } from './005-outbox.ts';
import { fewerIndexes } from './006-fewer-indexes.ts';
import { leasesOfUsers } from './007-leases-of-users.ts';
import { joinedView } from './008-joined-view.ts';

/** What a migration stands on. */
export interface Ground {
  readonly db: Db;
  readonly dialect: Dialect;
  readonly tables: Tables;
}

export interface Migration {
  /** Sorts behind every one before it. */
  readonly name: string;
  up(ground: Ground): Promise<void>;
  down(ground: Ground): Promise<void>;
}

/** In order. Only ever appended to: what was released once is never changed. */
export const MIGRATIONS: readonly Migration[] = Object.freeze([
  firstTables,
  history,
  sinkTables,
  policyTable,
  outboxTables,
  fewerIndexes,
  leasesOfUsers,
  joinedView,
]);

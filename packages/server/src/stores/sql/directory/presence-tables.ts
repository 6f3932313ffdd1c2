import type { Clock, Status } from '@presence/core';
import { sql, type RawBuilder } from 'kysely';
import { endsAt, loneMeta } from '../ends-at.ts';
import { createAskStatus, type AskStatus } from './asked-status.ts';
import type { PresenceParts } from './presence-parts.ts';
import { createRecent, type Recent } from './recent.ts';
import { createSeenOrders, IS_SEEN, type SeenOrders } from './seen-orders.ts';
import { constant, writtenStatus } from './written-status.ts';

/** The store's tables, asked for a directory's filters and orders. */
export interface PresenceTables extends SeenOrders {
  readonly askStatus: AskStatus;
  /** Filters that many users met a moment ago. */
  readonly metByMany: Recent<true>;
  /** Whether the user was never seen. */
  wasNever(tenant: string, userId: RawBuilder<string>): RawBuilder<boolean>;
}

/** Whether a user has one of these statuses as it is written, by leases: `offline` exact at any instant. */
const createIsTrue = (parts: PresenceParts) => {
  const { dialect, tables, texts } = parts;
  const { user } = tables;
  /**
   * Of the row `u`. A truth, and no status that is compared: Postgres takes every second row to
   * meet an unknown truth, one of two hundred to equal something, and compiles a plan that seems so long.
   */
  const isAmong = (statuses: readonly Status[]): RawBuilder<boolean> => {
    const isThere = sql`(u.holds_absent = 1 or ${endsAt(parts, loneMeta(tables))} > ${dialect.clock})`;
    // Leases are looked up only of those whose status hangs on it.
    const [among, others] = statuses.includes('offline')
      ? [constant(true), sql`not ${isThere}`]
      : [isThere, constant(false)];
    return sql`case when ${writtenStatus()} in (${sql.join(statuses)}) then ${among} else ${others} end`;
  };
  return (tenant: string, userId: RawBuilder<string>, statuses: readonly Status[]) =>
    sql<boolean>`coalesce((select ${isAmong(statuses)} from ${user.name} u
      where u.tenant = ${texts.in(tenant)} and u.user_id = ${userId}),
      ${constant(statuses.includes('offline'))})`;
};

export const createPresenceTables = (parts: PresenceParts, clock: Clock): PresenceTables => ({
  ...createSeenOrders(parts),
  askStatus: createAskStatus(parts, createIsTrue(parts), clock),
  metByMany: createRecent(clock),
  // One by one: for `exists` Postgres reads all users into a set where it may.
  wasNever: (tenant, userId) => sql<boolean>`(select 1 from ${parts.tables.user.name} u
    where u.tenant = ${parts.texts.in(tenant)} and u.user_id = ${userId} and ${IS_SEEN} limit 1) is null`,
});

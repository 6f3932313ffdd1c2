import { hiddenScope, STATUSES, TENANT_SCOPE, type Status } from '@presence/core';
import { sql, type RawBuilder } from 'kysely';
import type { PresenceParts } from './presence-parts.ts';

/*
 * Which status users have as it is written down: in the row of each, and in lists, of which a second one says what hidden
 * users truly are.
 */

export const constant = (is: boolean): RawBuilder<boolean> =>
  is ? sql<boolean>`(1 = 1)` : sql<boolean>`(1 = 0)`;

/** Of the row `u`. Hidden users are written down as offline. */
export const writtenStatus = (): RawBuilder<Status> => {
  const hidden = STATUSES.map(
    (status) =>
      sql`when u.scopes like ${`["t",${JSON.stringify(hiddenScope(status))}%`} then ${sql.lit(status)}`,
  );
  return sql`case when u.status <> 'offline' then u.status ${sql.join(hidden, sql` `)} else 'offline' end`;
};

/** How long lists are, as far as it says how they are read best. */
export interface Sizes {
  /** So short that each of their users is looked up. */
  readonly isFew: boolean;
  /** Whether those who are shown with a status, or those who hide, are few enough to be read into a set. */
  readonly isShownSet: boolean;
  readonly isHidingSet: boolean;
}

export interface WrittenStatus {
  /** At most so many users of each list of these statuses. */
  rows(tenant: string, statuses: readonly Status[], most: number): RawBuilder<unknown>;
  /**
   * Whether the user is in one of the lists. Who is shown with a status is read into a set.
   *
   * @param isHidingSet whether those who hide are too
   */
  isListed(
    tenant: string,
    statuses: readonly Status[],
    isHidingSet: boolean,
    userId: RawBuilder<string>,
  ): RawBuilder<boolean>;
  /** Whether the user's row says so. Whoever has none is offline. */
  isInRow(
    tenant: string,
    statuses: readonly Status[],
    userId: RawBuilder<string>,
  ): RawBuilder<boolean>;
  /** Of the lists of those shown, and of those hiding: 2 where they are longer than `set`, 1 where longer than `few`, else 0. */
  sizes(
    tenant: string,
    statuses: readonly Status[],
    few: number,
    set: number,
  ): readonly [shown: RawBuilder<unknown>, hiding: RawBuilder<unknown>];
}

/**
 * A truth, of which Postgres takes every second row to meet it: else it takes the statement for so long that it
 * compiles it.
 */
const likely = (condition: RawBuilder<unknown>): RawBuilder<boolean> =>
  sql<boolean>`case when ${condition} then ${constant(true)} else ${constant(false)} end`;

type Lists = (tenant: string, statuses: readonly Status[]) => RawBuilder<unknown>;

const createLists = ({ tables, texts }: PresenceParts): { shown: Lists; hiding: Lists } => ({
  shown: (tenant, statuses) => sql`${tables.scope.name} u where u.tenant = ${texts.in(tenant)}
    and u.scope = ${TENANT_SCOPE} and u.status in (${sql.join(statuses)})`,
  hiding: (tenant, statuses) => sql`${tables.scope.name} u where u.tenant = ${texts.in(tenant)}
    and u.scope in (${sql.join(statuses.map(hiddenScope))}) and u.status = 'offline'`,
});

/** A list is read as a whole, and once. */
const isInSet = (list: RawBuilder<unknown>, userId: RawBuilder<string>): RawBuilder<boolean> =>
  sql<boolean>`${userId} in (select u.user_id from ${list})`;

/** The user is looked for in a list. */
const isFoundIn = (list: RawBuilder<unknown>, userId: RawBuilder<string>): RawBuilder<boolean> =>
  sql<boolean>`(select 1 from ${list} and u.user_id = ${userId} limit 1) is not null`;

const sizeOf = (list: RawBuilder<unknown>, few: number, set: number): RawBuilder<unknown> => {
  const isLonger = (than: number) =>
    sql`(select 1 from ${list} limit 1 offset ${than}) is not null`;
  return sql`case when ${isLonger(set)} then 2 when ${isLonger(few)} then 1 else 0 end`;
};

export const createWrittenStatus = (parts: PresenceParts): WrittenStatus => {
  const { tables, texts } = parts;
  const { shown, hiding } = createLists(parts);
  return {
    rows: (tenant, statuses, most) =>
      sql`select user_id from (select u.user_id from ${shown(tenant, statuses)} limit ${most}) shown
        union all select user_id from (select u.user_id from ${hiding(tenant, statuses)} limit ${most}) hiding`,
    isListed: (tenant, statuses, isHidingSet, userId) => {
      const isShown = isInSet(shown(tenant, statuses), userId);
      const isHiding = (isHidingSet ? isInSet : isFoundIn)(hiding(tenant, statuses), userId);
      const isEither = sql<boolean>`(${isShown} or ${isHiding})`;
      return isHidingSet ? isEither : likely(isEither);
    },
    isInRow: (tenant, statuses, userId) => sql<boolean>`coalesce((
      select ${likely(sql`${writtenStatus()} in (${sql.join(statuses)})`)} from ${tables.user.name} u
      where u.tenant = ${texts.in(tenant)} and u.user_id = ${userId}),
      ${constant(statuses.includes('offline'))})`,
    sizes: (tenant, statuses, few, set) => [
      sizeOf(shown(tenant, statuses), few, set),
      sizeOf(hiding(tenant, statuses), few, set),
    ],
  };
};

import { hiddenScope, STATUSES, TENANT_SCOPE, type Status } from '@presence/core';
import { sql, type RawBuilder } from 'kysely';
import type { PresenceParts } from './presence-parts.ts';

/*
 * Which users may truly have a status. What is written down is in indexes, and whoever time has changed
 * since is overdue: those are few, and are taken besides, to be judged by whoever reads them.
 */

/** A question for statuses, with what the store's tables say of its answer. */
export interface AskedStatus {
  readonly statuses: readonly Status[];
  /** Whoever may have them, where they are few; `null` where they are many. */
  readonly few: readonly string[] | null;
  /** Whom time has changed and nobody has written down yet. */
  readonly overdue: readonly string[];
  /** So many rows of users can be judged for one page. */
  readonly budget: number;
  /** Nobody can be told from what is written: too many are overdue. Each is judged by their leases. */
  readonly isCrowded: boolean;
  /** Whether the user of this id may have one of them. Whoever truly has is never left out. */
  test(userId: RawBuilder<string>): RawBuilder<boolean>;
}

/** So many are looked up one by one sooner than others of them are met in the order of names. */
const FEW = 1000;
/** So many are read into a set sooner than each user is looked for among them. */
const SET = 10_000;
/** More overdue users than this are not looked through. */
const MOST_OVERDUE = 500;

/** Rows of users for one page, by what it takes to judge one. */
const BUDGETS = Object.freeze({ inSet: 10_000, lookedUp: 4000, byLeases: 1000 });

interface Written {
  readonly statuses: readonly Status[];
  /** Whoever is not written down with those has what is asked for. */
  readonly isOthers: boolean;
}

/** Whoever is offline may be in no row at all: then the others are looked for. */
const writtenOf = (statuses: readonly Status[]): Written =>
  statuses.includes('offline')
    ? { statuses: STATUSES.filter((status) => !statuses.includes(status)), isOthers: true }
    : { statuses, isOthers: false };

export const constant = (is: boolean): RawBuilder<boolean> =>
  is ? sql<boolean>`(1 = 1)` : sql<boolean>`(1 = 0)`;

const createWritten = ({ tables, texts }: PresenceParts) => {
  const { scope } = tables;
  const shownAs = (tenant: string, statuses: readonly Status[]): RawBuilder<unknown> =>
    sql`${scope.name} u where u.tenant = ${texts.in(tenant)} and u.scope = ${TENANT_SCOPE}
      and u.status in (${sql.join(statuses)})`;
  // Hidden users are written down as offline.
  const hidingAs = (tenant: string, statuses: readonly Status[]): RawBuilder<unknown> =>
    sql`${scope.name} u where u.tenant = ${texts.in(tenant)}
      and u.scope in (${sql.join(statuses.map(hiddenScope))}) and u.status = 'offline'`;
  return {
    /** At most so many users of each list. */
    rows: (tenant: string, statuses: readonly Status[], most: number): RawBuilder<unknown> =>
      sql`select user_id from (select u.user_id from ${shownAs(tenant, statuses)} limit ${most}) shown
        union all select user_id from (select u.user_id from ${hidingAs(tenant, statuses)} limit ${most}) hiding`,
    /** Whether a user is in one of the lists, which are read as a whole, and once. */
    isInSet: (tenant: string, statuses: readonly Status[], userId: RawBuilder<string>) =>
      sql<boolean>`(${userId} in (select u.user_id from ${shownAs(tenant, statuses)})
        or ${userId} in (select u.user_id from ${hidingAs(tenant, statuses)}))`,
    /**
     * The same by looking for each. A truth, of which Postgres takes every second row to meet it: else it
     * takes the statement for so long that it compiles it.
     */
    isFound: (tenant: string, statuses: readonly Status[], userId: RawBuilder<string>) =>
      sql<boolean>`case when (select 1 from ${shownAs(tenant, statuses)} and u.user_id = ${userId} limit 1) is not null
        or (select 1 from ${hidingAs(tenant, statuses)} and u.user_id = ${userId} limit 1) is not null
        then ${constant(true)} else ${constant(false)} end`,
    /** Whether one of the lists has more than so many. */
    hasMore: (tenant: string, statuses: readonly Status[], than: number) =>
      sql<boolean>`((select 1 from ${shownAs(tenant, statuses)} limit 1 offset ${than}) is not null
        or (select 1 from ${hidingAs(tenant, statuses)} limit 1 offset ${than}) is not null)`,
  };
};

/** Whoever's deadline has passed, or one of whose leases has ended as it is written. */
const overdueAt = (
  { tables, dialect, texts }: PresenceParts,
  tenant: string,
  now: number,
): RawBuilder<unknown> => {
  const { user, lease, hold, node } = tables;
  const [within, most] = [texts.in(tenant), MOST_OVERDUE + 1];
  return sql`select user_id from (select user_id from ${user.name}
      where deadline <= ${now} and tenant = ${within} limit ${most}) late
    union select user_id from (select user_id from ${lease.name}
      where check_at <= ${now} and expires_at <= ${now} and tenant = ${within} limit ${most}) ended
    union select user_id from (select h.user_id from ${node.name} n ${dialect.joinEach} ${hold.name} h
      on h.lease_id = n.id and h.solo in (0, 1) and h.tenant = ${within}
      where n.expires_at <= ${now} limit ${most}) parted`;
};

export type AskStatus = (tenant: string, statuses: readonly Status[]) => Promise<AskedStatus>;

/** Judges the user of an id by their leases. */
type IsTrue = (
  tenant: string,
  userId: RawBuilder<string>,
  statuses: readonly Status[],
) => RawBuilder<boolean>;

const createSurvey = (parts: PresenceParts) => {
  const { db, dialect, texts } = parts;
  const lists = createWritten(parts);
  const idsOf = async (rows: RawBuilder<unknown>): Promise<readonly string[]> => {
    const found = await sql<{ user_id: string }>`${rows}`.execute(db);
    return found.rows.map(({ user_id }) => texts.out(user_id));
  };
  const sizeOf = (tenant: string, statuses: readonly Status[]): RawBuilder<unknown> =>
    statuses.length === 0
      ? sql`0`
      : sql`case when ${lists.hasMore(tenant, statuses, SET)} then 2
          when ${lists.hasMore(tenant, statuses, FEW)} then 1 else 0 end`;

  return async (tenant: string, { statuses, isOthers }: Written) => {
    const { rows } = await sql<{ now: unknown; size: unknown }>`select ${dialect.clock} as now,
      ${sizeOf(tenant, statuses)} as size`.execute(db);
    const { now, size } = rows[0]!;
    const isFew = Number(size) === 0 && !isOthers;
    const [overdue, few] = await Promise.all([
      idsOf(overdueAt(parts, tenant, Number(now))),
      isFew ? idsOf(lists.rows(tenant, statuses, FEW)) : null,
    ]);
    return { overdue, few, isSet: Number(size) < 2 };
  };
};

export const createAskStatus = (parts: PresenceParts, isTrue: IsTrue): AskStatus => {
  const { texts } = parts;
  const survey = createSurvey(parts);
  const lists = createWritten(parts);
  return async (tenant, statuses) => {
    const written = writtenOf(statuses);
    const { overdue, few, isSet } = await survey(tenant, written);
    if (overdue.length > MOST_OVERDUE) {
      return {
        statuses,
        few: null,
        overdue: [],
        budget: BUDGETS.byLeases,
        isCrowded: true,
        test: (userId) => isTrue(tenant, userId, statuses),
      };
    }
    const test = (userId: RawBuilder<string>): RawBuilder<boolean> => {
      if (written.statuses.length === 0) return constant(true);
      const isIn = lists[isSet ? 'isInSet' : 'isFound'](tenant, written.statuses, userId);
      const isWritten = written.isOthers ? sql<boolean>`not ${isIn}` : isIn;
      if (overdue.length === 0) return isWritten;
      const late = sql.join(overdue.map((id) => texts.in(id)));
      return sql<boolean>`(${userId} in (${late}) or ${isWritten})`;
    };
    return {
      statuses,
      few: few && [...new Set([...few, ...overdue])],
      overdue,
      budget: isSet ? BUDGETS.inSet : BUDGETS.lookedUp,
      isCrowded: false,
      test,
    };
  };
};

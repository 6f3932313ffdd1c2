import { hiddenScope, STATUSES, type Status } from '@presence/core';
import { sql, type RawBuilder } from 'kysely';
import { endsAt } from '../ends-at.ts';
import type { Db, Dialect } from '../dialect.ts';
import type { Tables } from '../tables.ts';
import type { Texts } from '../text.ts';

/** The store's tables beside the application's. Tenants and users in columns are as {@link Texts} writes them. */
interface Parts {
  readonly db: Db;
  readonly dialect: Dialect;
  readonly tables: Tables;
  readonly texts: Texts;
}

/** When somebody was seen last: a place in the order of that. */
export interface Seen {
  readonly userId: string;
  /** `null`: is there, as far as was written down. */
  readonly at: number | null;
}

/** The store's tables, asked for a directory's filters and orders. */
export interface PresenceTables {
  /** Whether the user whose id this gives truly has one of these statuses; `offline` exact at any instant. */
  has(tenant: string, userId: RawBuilder<string>, statuses: readonly Status[]): RawBuilder<boolean>;
  /** Those of these users who have one of these statuses, as exactly. */
  having(
    tenant: string,
    userIds: readonly string[],
    statuses: readonly Status[],
  ): Promise<ReadonlySet<string>>;
  /** Whether the user was never seen. */
  wasNever(tenant: string, userId: RawBuilder<string>): RawBuilder<boolean>;
  /** Everybody who may have one of these statuses, where they are few; `null` where they are many. */
  few(tenant: string, statuses: readonly Status[]): Promise<readonly string[] | null>;
  /** Those who are there, by id. */
  present(tenant: string, after: string, limit: number): Promise<readonly Seen[]>;
  /** Those who are gone, by when they were last seen, behind `after`. */
  gone(
    tenant: string,
    after: Seen | null,
    limit: number,
    isDescending: boolean,
  ): Promise<readonly Seen[]>;
  /** When these users were last seen, of those who ever were. */
  seenOf(tenant: string, userIds: readonly string[]): Promise<readonly Seen[]>;
}

/** So many are looked at one by one sooner than others of them are met in the order of names. */
const FEW = 3000;

/** What is written down of the user in the row `u`: a hidden one truly is what their second list says. */
const written = (): RawBuilder<Status> => {
  const hidden = STATUSES.map(
    (status) =>
      sql`when u.scopes like ${`["t",${JSON.stringify(hiddenScope(status))}%`} then ${sql.lit(status)}`,
  );
  return sql`case when u.status <> 'offline' then u.status ${sql.join(hidden, sql` `)} else 'offline' end`;
};

const seenFrom = (
  rows: readonly { user_id: string; last_seen_at: unknown }[],
  texts: Texts,
): Seen[] =>
  rows.map(({ user_id, last_seen_at }) => ({
    userId: texts.out(user_id),
    at: last_seen_at === null ? null : Number(last_seen_at),
  }));

const constant = (is: boolean): RawBuilder<boolean> =>
  is ? sql<boolean>`(1 = 1)` : sql<boolean>`(1 = 0)`;

const IS_SEEN = sql<boolean>`(u.last_seen_at is not null or u.status <> 'offline')`;

type Rows = { user_id: string; last_seen_at: unknown };

const createOrders = ({ db, dialect, tables, texts }: Parts) => {
  const { user } = tables;
  const ask = async (rest: RawBuilder<unknown>): Promise<readonly Seen[]> => {
    const { rows } =
      await sql<Rows>`select u.user_id, u.last_seen_at from ${user.name} u ${rest}`.execute(db);
    return seenFrom(rows, texts);
  };
  const orders: Pick<PresenceTables, 'present' | 'gone' | 'seenOf'> = {
    present: (tenant, after, limit) =>
      ask(sql`where u.tenant = ${texts.in(tenant)} and u.last_seen_at is null and u.status <> 'offline'
        and u.user_id > ${texts.in(after)} order by u.user_id limit ${limit}`),
    gone: (tenant, after, limit, isDescending) => {
      const [way, beyond] = isDescending ? [sql`desc`, sql`<`] : [sql`asc`, sql`>`];
      const rest = after
        ? sql`and u.last_seen_at ${beyond}= ${after.at}
            and (u.last_seen_at ${beyond} ${after.at} or u.user_id ${beyond} ${texts.in(after.userId)})`
        : sql``;
      return ask(sql`where u.tenant = ${texts.in(tenant)} and u.last_seen_at is not null ${rest}
        order by u.last_seen_at ${way}, u.user_id ${way} limit ${limit}`);
    },
    seenOf: async (tenant, userIds) => {
      if (userIds.length === 0) return [];
      const keys = userIds.map((userId) => [texts.in(userId)]);
      return ask(sql`where u.tenant = ${texts.in(tenant)} and ${dialect.among(['u.user_id'], keys)}
        and ${IS_SEEN}`);
    },
  };
  return orders;
};

export const createPresenceTables = (parts: Parts): PresenceTables => {
  const { db, dialect, tables, texts } = parts;
  const { user, scope, meta } = tables;
  const listed = (statuses: readonly Status[]) => sql.join(statuses);
  /** Read once for a statement, and not once for each user. */
  const readMeta = (name: string) => sql`(select ${sql.ref(name)} from ${meta.name})`;
  /**
   * Of the row `u`. A truth, and no status that is compared: Postgres takes every second row to
   * meet an unknown truth, one of two hundred to equal something, and compiles a plan that seems so long.
   */
  const isAmong = (statuses: readonly Status[]): RawBuilder<boolean> => {
    const ends = endsAt(parts, readMeta);
    const isThere = sql`(u.holds_absent = 1 or ${ends} > ${dialect.clock})`;
    // Leases are looked up only of those whose status hangs on it.
    const [among, others] = statuses.includes('offline')
      ? [constant(true), sql`not ${isThere}`]
      : [isThere, constant(false)];
    return sql`case when ${written()} in (${listed(statuses)}) then ${among} else ${others} end`;
  };
  return {
    ...createOrders(parts),
    has: (tenant, userId, statuses) => {
      const isOffline = constant(statuses.includes('offline'));
      return sql<boolean>`coalesce((select ${isAmong(statuses)}
        from ${user.name} u
        where u.tenant = ${texts.in(tenant)} and u.user_id = ${userId}), ${isOffline})`;
    },
    having: async (tenant, userIds, statuses) => {
      if (userIds.length === 0) return new Set();
      const keys = userIds.map((userId) => [texts.in(userId)]);
      const { rows } = await sql<{ user_id: string }>`select u.user_id
        from ${user.name} u where u.tenant = ${texts.in(tenant)}
        and ${dialect.among(['u.user_id'], keys)} and ${isAmong(statuses)}`.execute(db);
      return new Set(rows.map(({ user_id }) => texts.out(user_id)));
    },
    wasNever: (tenant, userId) => sql<boolean>`not exists (select 1 from ${user.name} u
      where u.tenant = ${texts.in(tenant)} and u.user_id = ${userId} and ${IS_SEEN})`,
    few: async (tenant, statuses) => {
      if (statuses.includes('offline')) return null;
      const most = FEW + 1;
      const within = texts.in(tenant);
      const { rows } = await sql<{ user_id: string }>`select user_id from (
          select user_id from ${user.name} where tenant = ${within}
            and status in (${listed(statuses)}) limit ${most}) shown
        union all select user_id from (select user_id from ${scope.name} where tenant = ${within}
          and scope in (${sql.join(statuses.map(hiddenScope))}) limit ${most}) hidden`.execute(db);
      return rows.length > FEW ? null : rows.map(({ user_id }) => texts.out(user_id));
    },
  };
};

import { hiddenScope, STATUSES, TENANT_SCOPE, type Status } from '@presence/core';
import { sql, type RawBuilder } from 'kysely';
import type { PresenceParts } from './presence-parts.ts';
import type { More } from './rows.ts';

/** When somebody was seen last: a place in the order of that. */
export interface Seen {
  readonly userId: string;
  /** `null`: is there, as far as was written down. */
  readonly at: number | null;
}

/** Users whom presence knows, by when they were seen last. */
export interface SeenOrders {
  /** Those who are there, by id. */
  present(tenant: string, after: string, limit: number): Promise<readonly Seen[]>;
  /** Those of them who are written down with one of these statuses, or are named. */
  presentAs(
    tenant: string,
    who: { readonly statuses: readonly Status[]; readonly named: readonly string[] },
    after: string,
    limit: number,
  ): Promise<readonly Seen[]>;
  /** Those who are gone, by when they were last seen, behind `after`. */
  gone(
    tenant: string,
    after: Seen | null,
    limit: number,
    isDescending: boolean,
  ): Promise<readonly Seen[]>;
  /** Those who seem gone and truly have one of these statuses, or are named. In no order: they are few. */
  hiding(
    tenant: string,
    who: { readonly statuses: readonly Status[]; readonly named: readonly string[] },
  ): Promise<readonly Seen[]>;
  /** Behind a table, the user's row `u` of each of its rows; what it holds is null where presence does not know them. */
  joined(tenant: string, userId: RawBuilder<string>): RawBuilder<unknown>;
}

/** Whether the user in the row `u` was ever seen. */
export const IS_SEEN = sql<boolean>`(u.last_seen_at is not null or u.status <> 'offline')`;

/** Of the row `u`: when the user was seen last. `undefined`: never; `null`: is there, as far as was written down. */
export const SEEN_AT: More<number | null | undefined> = {
  columns: sql`case when ${IS_SEEN} then 1 else 0 end as presence_seen, u.last_seen_at as presence_at`,
  of: ({ presence_seen: isSeen, presence_at: at }) => {
    if (Number(isSeen) === 0) return undefined;
    return at === null ? null : Number(at);
  },
};

interface Row {
  readonly user_id: string;
  readonly last_seen_at: unknown;
}

const COLUMNS = sql`u.user_id, u.last_seen_at`;
const PRESENT = STATUSES.filter((status) => status !== 'offline');

type Present = SeenOrders['presentAs'];

/** Whether the user in the row `u` has one of these ids. */
type Named = (userIds: readonly string[]) => RawBuilder<boolean>;

/** What the orders ask for, of users of one tenant. */
const createAsks = ({ db, dialect, tables, texts }: PresenceParts) => ({
  ask: async (statement: RawBuilder<unknown>): Promise<readonly Seen[]> => {
    const { rows } = await sql<Row>`${statement}`.execute(db);
    return rows.map(({ user_id, last_seen_at }) => ({
      userId: texts.out(user_id),
      at: last_seen_at === null ? null : Number(last_seen_at),
    }));
  },
  ofTenant: (tenant: string, rest: RawBuilder<unknown>): RawBuilder<unknown> =>
    sql`select ${COLUMNS} from ${tables.user.name} u where u.tenant = ${texts.in(tenant)} and ${rest}`,
  named: ((userIds) =>
    dialect.among(
      ['u.user_id'],
      userIds.map((userId) => [texts.in(userId)]),
    )) satisfies Named,
});

/** Who is there. A part of the statement for each status: each is in the order of an index. */
const createPresent = ({ db, tables, texts }: PresenceParts, named: Named): Present => {
  const { user, scope } = tables;
  return async (tenant, { statuses, named: userIds }, after, limit) => {
    const within = texts.in(tenant);
    const listed = statuses.map(
      (status) => sql`${scope.name} u where u.tenant = ${within} and u.scope = ${TENANT_SCOPE}
        and u.status = ${status}`,
    );
    const others = sql`${user.name} u where u.tenant = ${within} and ${named(userIds)}
      and u.status <> 'offline'`;
    const parts = [...listed, ...(userIds.length > 0 ? [others] : [])].map(
      (those, place) => sql`select user_id from (select u.user_id from ${those}
        and u.user_id > ${texts.in(after)} order by u.user_id limit ${limit}) ${sql.ref(`p_${place}`)}`,
    );
    if (parts.length === 0) return [];
    const { rows } = await sql<{ user_id: string }>`${sql.join(parts, sql` union `)}
      order by user_id limit ${limit}`.execute(db);
    return rows.map(({ user_id }) => ({ userId: texts.out(user_id), at: null }));
  };
};

export const createSeenOrders = (parts: PresenceParts): SeenOrders => {
  const { dialect, tables, texts } = parts;
  const { user, scope } = tables;
  const { ask, ofTenant, named } = createAsks(parts);
  const presentAs = createPresent(parts, named);
  return {
    present: (tenant, after, limit) =>
      presentAs(tenant, { statuses: PRESENT, named: [] }, after, limit),
    presentAs,
    gone: (tenant, after, limit, isDescending) => {
      const [way, beyond] = isDescending ? [sql`desc`, sql`<`] : [sql`asc`, sql`>`];
      const rest = after
        ? sql`and u.last_seen_at ${beyond}= ${after.at}
            and (u.last_seen_at ${beyond} ${after.at} or u.user_id ${beyond} ${texts.in(after.userId)})`
        : sql``;
      const order = sql`order by u.last_seen_at ${way}, u.user_id ${way} limit ${limit}`;
      return ask(ofTenant(tenant, sql`u.last_seen_at is not null ${rest} ${order}`));
    },
    hiding: (tenant, { statuses, named: userIds }) => {
      const scopes = sql.join(statuses.map(hiddenScope));
      const hidden = sql`select ${COLUMNS} from ${scope.name} s ${dialect.joinEach} ${user.name} u
        on u.tenant = s.tenant and u.user_id = s.user_id
        where s.tenant = ${texts.in(tenant)} and s.scope in (${scopes}) and u.last_seen_at is not null`;
      if (userIds.length === 0) return ask(hidden);
      const others = ofTenant(tenant, sql`${named(userIds)} and u.last_seen_at is not null`);
      return ask(sql`${hidden} union ${others}`);
    },
    joined: (tenant, userId) =>
      sql`left join ${user.name} u on u.tenant = ${texts.in(tenant)} and u.user_id = ${userId}`,
  };
};

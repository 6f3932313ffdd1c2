import type { Clock, Status } from '@presence/core';
import { sql, type RawBuilder } from 'kysely';
import type { PresenceParts } from './presence-parts.ts';
import type { Sizes, WrittenStatus } from './written-status.ts';

/*
 * What is looked at before a page is read: how long the lists are that may say who is on it, and who is overdue.
 */

/** So many are looked up one by one sooner than others of them are met in the order of names. */
const FEW = 1000;
/** So many are read into a set sooner than each user is looked for among them. */
const SET = 10_000;
/** More overdue users than this are not looked through. */
export const MOST_OVERDUE = 500;

/** Lists' lengths say how they are read, and not what is found: they may be as old. */
const SIZES_MS = 2000;
/** Of tenants and statuses together. */
const MOST_SIZES = 1000;

interface KnownSizes {
  readonly sizes: Sizes;
  readonly until: number;
}

export interface Survey {
  readonly sizes: Sizes;
  readonly overdue: readonly string[];
  /** Whoever is written down with the statuses, where they are few; `null` where they are many. */
  readonly few: readonly string[] | null;
}

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

const sizesOf = (shown: number, hiding: number): Sizes => ({
  isFew: shown === 0 && hiding === 0,
  isShownSet: shown < 2,
  isHidingSet: hiding < 2,
});

/** The database's clock, and with it the lists' lengths, unless they were asked for a moment ago. */
const createLook = ({ db, dialect }: PresenceParts, written: WrittenStatus, clock: Clock) => {
  const known = new Map<string, KnownSizes>();
  return async (tenant: string, statuses: readonly Status[]) => {
    const name = JSON.stringify([tenant, statuses]);
    const before = known.get(name);
    const local = clock.now();
    if (before && local < before.until && before.until - local <= SIZES_MS) {
      const { rows } = await sql<{ now: unknown }>`select ${dialect.clock} as now`.execute(db);
      return { now: Number(rows[0]!.now), sizes: before.sizes };
    }
    const [shown, hiding] =
      statuses.length === 0 ? [sql`0`, sql`0`] : written.sizes(tenant, statuses, FEW, SET);
    const { rows } = await sql<{ now: unknown; shown: unknown; hiding: unknown }>`select
      ${dialect.clock} as now, ${shown} as shown, ${hiding} as hiding`.execute(db);
    const row = rows[0]!;
    const sizes = sizesOf(Number(row.shown), Number(row.hiding));
    if (known.size >= MOST_SIZES) known.clear();
    known.set(name, { sizes, until: local + SIZES_MS });
    return { now: Number(row.now), sizes };
  };
};

/** Ids of the rows' users. As one text where the database writes it in no time: a thousand rows take longer to be read. */
const createIdsOf =
  ({ db, dialect, texts }: PresenceParts) =>
  async (rows: RawBuilder<unknown>): Promise<readonly string[]> => {
    if (dialect.name !== 'postgres') {
      const found = await sql<{ user_id: string }>`${rows}`.execute(db);
      return found.rows.map(({ user_id }) => texts.out(user_id));
    }
    const found = await sql<{ ids: string }>`select coalesce(json_agg(user_id)::text, '[]') as ids
      from (${rows}) each_row`.execute(db);
    return (JSON.parse(found.rows[0]!.ids) as readonly string[]).map(texts.out);
  };

export const createSurvey = (parts: PresenceParts, written: WrittenStatus, clock: Clock) => {
  const look = createLook(parts, written, clock);
  const idsOf = createIdsOf(parts);
  // They may have become many since they were counted: then they are not all.
  const fewOf = async (tenant: string, statuses: readonly Status[]) => {
    const most = 2 * FEW + 1;
    const ids = await idsOf(written.rows(tenant, statuses, most));
    return ids.length < most ? ids : null;
  };
  return async (
    tenant: string,
    statuses: readonly Status[],
    isFewAsked: boolean,
  ): Promise<Survey> => {
    const { now, sizes } = await look(tenant, statuses);
    const [overdue, few] = await Promise.all([
      idsOf(overdueAt(parts, tenant, now)),
      sizes.isFew && isFewAsked ? fewOf(tenant, statuses) : null,
    ]);
    return { sizes, overdue, few };
  };
};

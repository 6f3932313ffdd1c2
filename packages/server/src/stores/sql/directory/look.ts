import type { Clock, Status } from '@presence/core';
import { sql, type RawBuilder } from 'kysely';
import type { PresenceParts } from './presence-parts.ts';
import type { Sizes, WrittenStatus } from './written-status.ts';

/*
 * One look at the store's tables before a page is read: who is overdue, and how long the lists are that may say who is on
 * the page.
 */

/** So many are looked up one by one sooner than others of them are met in the order of names. */
export const FEW = 1000;
/** So many are read into a set sooner than each user is looked for among them. */
const SET = 10_000;
/** More overdue users than this are not looked through. */
export const MOST_OVERDUE = 500;

/** By how much the database's clock is taken to be further than it was: somebody judged too early is judged again. */
const AHEAD_MS = 100;

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

export interface Seen {
  /** Of the database's clock. */
  readonly now: number;
  readonly overdue: readonly string[];
  /** `null`: not asked for. */
  readonly sizes: Sizes | null;
}

/** Ids of the rows' users as one text. Postgres writes it in no time; a thousand rows take longer to be read. */
export const idsText = (rows: RawBuilder<unknown>): RawBuilder<string> =>
  sql`(select coalesce(json_agg(user_id)::text, '[]') from (${rows}) each_row)`;

/** The database's clock, whoever is overdue by it or would be at `until`, and how long lists are: in one statement. */
const createLook = (parts: PresenceParts, written: WrittenStatus) => {
  const { db, dialect, texts } = parts;
  interface Row {
    readonly now: unknown;
    readonly shown: unknown;
    readonly hiding: unknown;
    /** All of them as one text; elsewhere each other row has one of them. */
    readonly ids: string | null;
  }
  const read = async (
    overdue: RawBuilder<unknown>,
    [shown, hiding]: readonly RawBuilder<unknown>[],
  ) => {
    const columns = sql`select ${dialect.clock} as now, ${shown} as shown, ${hiding} as hiding`;
    if (dialect.name === 'postgres') {
      const { rows } = await sql<Row>`${columns}, ${idsText(overdue)} as ids`.execute(db);
      return { first: rows[0]!, ids: JSON.parse(rows[0]!.ids!) as readonly string[] };
    }
    const { rows } = await sql<Row>`${columns}, null as ids
      union all select 0, 0, 0, user_id from (${overdue}) each_row`.execute(db);
    const others = rows.flatMap(({ ids }) => (ids === null ? [] : [ids]));
    return { first: rows.find(({ ids }) => ids === null)!, ids: others };
  };
  return async (
    tenant: string,
    until: number,
    sizesOfThose: readonly Status[] | null,
  ): Promise<Seen> => {
    const lists =
      sizesOfThose === null || sizesOfThose.length === 0
        ? [sql`0`, sql`0`]
        : written.sizes(tenant, sizesOfThose, FEW, SET);
    const { first, ids } = await read(overdueAt(parts, tenant, until), lists);
    return {
      now: Number(first.now),
      overdue: ids.map(texts.out),
      sizes: sizesOfThose && sizesOf(Number(first.shown), Number(first.hiding)),
    };
  };
};

/**
 * The same by the database's clock as it is. An index is asked by an instant that is known before the statement is: where
 * the clock is beyond it, it is asked again.
 */
export const createLookNow = (parts: PresenceParts, written: WrittenStatus, clock: Clock) => {
  const look = createLook(parts, written);
  /** How far the database's clock was before this machine's. */
  let offset = 0;
  return async (tenant: string, statuses: readonly Status[] | null): Promise<Seen> => {
    for (;;) {
      const local = clock.now();
      const until = local + offset + AHEAD_MS;
      const seen = await look(tenant, until, statuses);
      offset = seen.now - local;
      if (seen.now <= until) return seen;
    }
  };
};

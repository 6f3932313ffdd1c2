import type { Clock, Status } from '@presence/core';
import { sql, type RawBuilder } from 'kysely';
import type { PresenceParts } from './presence-parts.ts';
import type { WrittenStatus } from './written-status.ts';

/*
 * One look at the store's tables before a page is read: who is overdue, and who is written down with a status that few have.
 */

/** So many are looked up one by one sooner than others of them are met in the order of names. */
export const FEW = 1000;
/** They may have become more since they were counted: of each list. */
const MOST_FEW = 2 * FEW + 1;
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

interface Ids {
  readonly overdue: readonly string[];
  readonly few: readonly string[];
}

interface Read extends Ids {
  /** Of the database's clock. */
  readonly now: number;
}

type Rows = readonly (readonly [name: keyof Ids, rows: RawBuilder<unknown>])[];

/** Ids as one text each. Postgres writes it in no time; a thousand rows take longer to be read. */
const readAsTexts = async ({ db, dialect }: PresenceParts, asked: Rows): Promise<Read> => {
  const texts = asked.map(
    ([name, rows]) =>
      sql`(select coalesce(json_agg(user_id)::text, '[]') from (${rows}) each_row) as ${sql.ref(name)}`,
  );
  const columns = sql.join([sql`${dialect.clock} as now`, ...texts]);
  const { rows } = await sql<Record<string, unknown>>`select ${columns}`.execute(db);
  const { now, overdue, few = '[]' } = rows[0] as { now: unknown; overdue: string; few?: string };
  return {
    now: Number(now),
    overdue: JSON.parse(overdue) as string[],
    few: JSON.parse(few) as string[],
  };
};

interface IdRow {
  readonly name: keyof Ids | 'clock';
  readonly now: unknown;
  readonly user_id: string | null;
}

const readAsRows = async ({ db, dialect }: PresenceParts, asked: Rows): Promise<Read> => {
  const clock = sql`select 'clock' as name, ${dialect.clock} as now, null as user_id`;
  const lists = asked.map(
    ([name, rows]) => sql`select ${name}, 0, user_id from (${rows}) ${sql.ref(`of_${name}`)}`,
  );
  const { rows } = await sql<IdRow>`${sql.join([clock, ...lists], sql` union all `)}`.execute(db);
  const idsOf = (name: keyof Ids) =>
    rows.flatMap((row) => (row.name === name ? [row.user_id!] : []));
  return {
    now: Number(rows.find(({ name }) => name === 'clock')!.now),
    overdue: idsOf('overdue'),
    few: idsOf('few'),
  };
};

export interface Seen {
  readonly overdue: readonly string[];
  /** `null`: not asked for, or they are many. */
  readonly few: readonly string[] | null;
}

/**
 * @param fewOf statuses whose lists are read, where few are in them
 */
export type Look = (tenant: string, fewOf: readonly Status[] | null) => Promise<Seen>;

/**
 * An index is asked by an instant that is known before the statement is. Where the clock turns out to be beyond it, it is
 * asked again.
 */
export const createLook = (parts: PresenceParts, written: WrittenStatus, clock: Clock): Look => {
  const { dialect, texts } = parts;
  const read = dialect.name === 'postgres' ? readAsTexts : readAsRows;
  /** How far the database's clock was before this machine's. */
  let offset = 0;

  return async (tenant, fewOf) => {
    const few = fewOf && written.rows(tenant, fewOf, MOST_FEW);
    for (;;) {
      const local = clock.now();
      const until = local + offset + AHEAD_MS;
      const seen = await read(parts, [
        ['overdue', overdueAt(parts, tenant, until)],
        ...(few ? ([['few', few]] as const) : []),
      ]);
      offset = seen.now - local;
      if (seen.now > until) continue;
      const isAll = few !== null && seen.few.length < MOST_FEW;
      return {
        overdue: seen.overdue.map(texts.out),
        few: isAll ? seen.few.map(texts.out) : null,
      };
    }
  };
};

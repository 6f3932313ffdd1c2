import type { Clock, Status } from '@presence/core';
import { sql, type RawBuilder } from 'kysely';
import { createLookNow, FEW, idsText } from './look.ts';
import type { PresenceParts } from './presence-parts.ts';
import type { Sizes, WrittenStatus } from './written-status.ts';

/*
 * What is known before a page is read: how long the lists are that may say who is on it, who they are where they are few,
 * and who is overdue.
 */

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

/** Lists' lengths that were asked for a moment ago. */
const createKnownSizes = () => {
  const known = new Map<string, KnownSizes>();
  return {
    get: (name: string, local: number): Sizes | null => {
      const before = known.get(name);
      const isFresh = before && local < before.until && before.until - local <= SIZES_MS;
      return isFresh ? before.sizes : null;
    },
    set: (name: string, sizes: Sizes, local: number): void => {
      if (known.size >= MOST_SIZES) known.clear();
      known.set(name, { sizes, until: local + SIZES_MS });
    },
  };
};

/** Ids of the rows' users. */
const createIdsOf =
  ({ db, dialect, texts }: PresenceParts) =>
  async (rows: RawBuilder<unknown>): Promise<readonly string[]> => {
    if (dialect.name !== 'postgres') {
      const found = await sql<{ user_id: string }>`${rows}`.execute(db);
      return found.rows.map(({ user_id }) => texts.out(user_id));
    }
    const found = await sql<{ ids: string }>`select ${idsText(rows)} as ids`.execute(db);
    return (JSON.parse(found.rows[0]!.ids) as readonly string[]).map(texts.out);
  };

export const createSurvey = (parts: PresenceParts, written: WrittenStatus, clock: Clock) => {
  const lookNow = createLookNow(parts, written, clock);
  const idsOf = createIdsOf(parts);
  const known = createKnownSizes();

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
    const name = JSON.stringify([tenant, statuses]);
    const before = known.get(name, clock.now());
    const fewIn = async (sizes: Sizes | null) =>
      sizes?.isFew && isFewAsked ? fewOf(tenant, statuses) : null;
    const [seen, fewBefore] = await Promise.all([
      lookNow(tenant, before ? null : statuses),
      fewIn(before),
    ]);
    if (before) return { sizes: before, overdue: seen.overdue, few: fewBefore };
    const sizes = seen.sizes!;
    known.set(name, sizes, clock.now());
    return { sizes, overdue: seen.overdue, few: await fewIn(sizes) };
  };
};

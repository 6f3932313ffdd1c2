import {
  settle,
  STATUSES,
  staysIn,
  type Instant,
  type Loaded,
  type Policy,
  type Status,
} from '@presence/core';
import type { StoreCalls } from './store-calls.ts';
import type { Engine, Page, Reading } from './types.ts';

type FindQuery = Parameters<Engine['find']>[0];
type Scope = Parameters<Engine['count']>[0];

interface Parts {
  readonly calls: StoreCalls;
  policyOf(tenant: string): Policy;
  /** Commits what is due, for a scope with more overdue records than one answer carries. */
  reap(): Promise<unknown>;
}

/** So many times a list or count reaps and asks again before it takes what it has. */
const MOST_REAPS = 100;

/** A loaded record as everybody sees it at `at`. */
export const readingOf = (loaded: Loaded, at: Instant, policy: Policy): Reading => {
  const { record } = settle(loaded.record, loaded.leases, at, policy);
  return { key: loaded.key, at, record, leases: loaded.leases };
};

const byUser = (a: Reading, b: Reading): number =>
  a.key.userId < b.key.userId ? -1 : a.key.userId > b.key.userId ? 1 : 0;

const publicStatus = ({ record }: Reading): Status => record?.public.status ?? 'offline';

/** Lists and counts: the store's index, corrected by the records that it could not judge. */
export const createLists = ({ calls, policyOf, reap }: Parts): Pick<Engine, 'find' | 'count'> => {
  const page = async (
    query: FindQuery,
  ): Promise<{ at: Instant; items: Reading[]; end: string | null }> => {
    const policy = policyOf(query.tenant);
    let answer = await calls.fresh((store) => store.find(query));
    for (let tries = 0; answer.crowded && tries < MOST_REAPS; tries += 1) {
      await reap();
      answer = await calls.fresh((store) => store.find(query));
    }
    const items = [...answer.items, ...answer.overdue]
      .map((loaded) => readingOf(loaded, answer.at, policy))
      .filter(
        (reading) =>
          reading.record !== null &&
          query.status.includes(publicStatus(reading)) &&
          staysIn(query.scope, reading.record),
      )
      .sort(byUser);
    return { at: answer.at, items, end: answer.more ? answer.end : null };
  };

  const find = async (query: FindQuery): Promise<Page> => {
    const found: Reading[] = [];
    let after = query.after;
    for (;;) {
      const next = await page({ ...query, after, limit: query.limit - found.length });
      found.push(...next.items);
      if (found.length > query.limit) {
        const items = found.slice(0, query.limit);
        return { at: next.at, items, end: items.at(-1)?.key.userId ?? null };
      }
      if (next.end === null || found.length === query.limit) {
        return { at: next.at, items: found, end: next.end };
      }
      after = next.end;
    }
  };

  const count = async (scope: Scope): ReturnType<Engine['count']> => {
    const policy = policyOf(scope.tenant);
    for (let tries = 0; ; tries += 1) {
      const answer = await calls.fresh((store) => store.count(scope));
      if (answer.more && tries < MOST_REAPS) {
        await reap();
        continue;
      }
      const byStatus = Object.fromEntries(
        STATUSES.map((status) => [status, answer.byStatus[status]]),
      ) as Record<Status, number>;
      for (const loaded of answer.overdue) {
        const reading = readingOf(loaded, answer.at, policy);
        const { record } = reading;
        if (record && staysIn(scope.scope, record)) byStatus[publicStatus(reading)] += 1;
      }
      return { at: answer.at, byStatus };
    }
  };

  return { find, count };
};

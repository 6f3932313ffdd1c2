import { isSharedLease, type Instant, type LeaseId } from '@presence/core';
import { sql, type RawBuilder } from 'kysely';
import { AMNESTY_MS } from '../store.ts';

/** The store was stopped: leases that lived at its last pulse live on for a while. */
export interface Amnesty {
  /** Counts from 1. A lease that was written after it bears its number and has no part in it. */
  readonly number: number;
  /** The last pulse before the stop. */
  readonly aliveAt: Instant;
  readonly shared: Instant;
  readonly own: Instant;
}

type Kind = 'shared' | 'own';

export const kindOf = (id: LeaseId): Kind => (isSharedLease(id) ? 'shared' : 'own');

export const grantedAt = (at: Instant, aliveAt: Instant, number: number): Amnesty => ({
  number,
  aliveAt,
  shared: at + AMNESTY_MS.shared,
  own: at + AMNESTY_MS.own,
});

/** When a lease ends that is written down to end at `expiresAt`, written after so many amnesties. */
export const ending = (
  amnesties: readonly Amnesty[],
  kind: Kind,
  expiresAt: Instant,
  pardon: number,
): Instant => {
  let ends = expiresAt;
  for (const amnesty of amnesties) {
    if (amnesty.number > pardon && ends > amnesty.aliveAt && ends < amnesty[kind]) {
      ends = amnesty[kind];
    }
  }
  return ends;
};

const EXPIRES_AT = sql.ref('expires_at');
const PARDON = sql.ref('pardon');

/** Whether an amnesty holds for a lease of `expires_at` and `pardon`, perhaps because one before it did. */
const coveredBy = (
  amnesties: readonly Amnesty[],
  kind: Kind,
  index: number,
): RawBuilder<boolean> => {
  const { number, aliveAt } = amnesties[index]!;
  const before = amnesties[index - 1];
  const lived =
    before && before[kind] > aliveAt
      ? sql`(${EXPIRES_AT} > ${aliveAt} or ${coveredBy(amnesties, kind, index - 1)})`
      : sql`${EXPIRES_AT} > ${aliveAt}`;
  return sql<boolean>`(${PARDON} < ${number} and ${lived})`;
};

/** The amnesties that leases live by now. */
const current = (amnesties: readonly Amnesty[], kind: Kind, at: Instant): number[] =>
  amnesties.flatMap((amnesty, index) => (amnesty[kind] > at ? [index] : []));

/** Of rows with `expires_at` and `pardon`: whether the lease has ended at `at`. */
export const hasEnded = (
  amnesties: readonly Amnesty[],
  kind: Kind,
  at: Instant,
): RawBuilder<boolean> => {
  const covered = current(amnesties, kind, at).map(
    (index) => sql`and not ${coveredBy(amnesties, kind, index)}`,
  );
  return sql<boolean>`(${EXPIRES_AT} <= ${at} ${sql.join(covered, sql` `)})`;
};

/**
 * Of living leases, in SQL: an instant that is not behind their end, and behind `at`. What an amnesty
 * covers lives for as long as the amnesty at least.
 */
export const notBehindEnd = (
  amnesties: readonly Amnesty[],
  kind: Kind,
  at: Instant,
): RawBuilder<unknown> => {
  const places = current(amnesties, kind, at);
  if (places.length === 0) return EXPIRES_AT;
  const covered = places.map((index) => coveredBy(amnesties, kind, index));
  const first = Math.min(...places.map((index) => amnesties[index]![kind]));
  return sql`case when expires_at < ${first} and (${sql.join(covered, sql` or `)}) then ${first}
    else expires_at end`;
};

export const encodeAmnesties = (amnesties: readonly Amnesty[]): string =>
  JSON.stringify(
    amnesties.map(({ number, aliveAt, shared, own }) => [number, aliveAt, shared, own]),
  );

export const decodeAmnesties = (text: string): Amnesty[] =>
  (JSON.parse(text) as [number, Instant, Instant, Instant][]).map(
    ([number, aliveAt, shared, own]) => ({ number, aliveAt, shared, own }),
  );

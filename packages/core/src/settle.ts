import { allIdleSince } from './derive.ts';
import type { Instant, Leases } from './lease.ts';
import type { Policy } from './policy.ts';
import type { Cause, Claim, PresenceRecord, Session, Step } from './record.ts';
import { transition, type Draft } from './views.ts';

/** A record with everything crossed that time alone has changed. */
export interface Settled {
  /** `null`: kept for its retention, then gone. */
  readonly record: PresenceRecord | null;
  /** Every transition on the way, oldest first. */
  readonly steps: readonly Step[];
}

interface Deadline {
  readonly at: Instant;
  readonly cause: Cause | 'retention';
}

const NO_STEPS: readonly Step[] = Object.freeze([]);

/**
 * A held lease that the store no longer knows has ended when it was last heard of: the same
 * instant for everybody who asks.
 */
const leaseEnd = (session: Session, record: PresenceRecord, leases: Leases): Instant =>
  leases.get(session.lease) ?? record.updatedAt;

const sessionEnd = (session: Session, record: PresenceRecord, leases: Leases): Deadline => {
  const ends = leaseEnd(session, record, leases);
  return session.endsAt !== null && session.endsAt <= ends
    ? { at: session.endsAt, cause: 'page-closed' }
    : { at: ends, cause: 'lease-ended' };
};

/** Whether anything but time's passing keeps the record worth having. */
const isForgettable = (record: PresenceRecord): boolean =>
  record.sessions.length === 0 &&
  record.claims.length === 0 &&
  record.account === 'active' &&
  record.visibility === 'visible';

const retentionEnd = (record: PresenceRecord, policy: Policy): Instant =>
  Math.max(record.updatedAt, (record.seenAt ?? record.updatedAt) + policy.offlineRetentionMs);

/** Deadlines of the record itself, without its leases. */
const ownDeadlines = (record: PresenceRecord, policy: Policy): Deadline[] => {
  const deadlines: Deadline[] = [];
  for (const { until } of record.claims) {
    if (until !== null) deadlines.push({ at: until, cause: 'claim-ended' });
  }
  const idleSince = allIdleSince(record.sessions);
  if (idleSince !== null) {
    const limit = idleSince + policy.offlineAfterIdleMs;
    if (limit > record.updatedAt) deadlines.push({ at: limit, cause: 'idle-too-long' });
  }
  if (isForgettable(record))
    deadlines.push({ at: retentionEnd(record, policy), cause: 'retention' });
  return deadlines;
};

const earliest = (deadlines: readonly Deadline[]): Deadline | null => {
  let first: Deadline | null = null;
  for (const deadline of deadlines) if (!first || deadline.at < first.at) first = deadline;
  return first;
};

const nextDeadline = (record: PresenceRecord, leases: Leases, policy: Policy): Deadline | null =>
  earliest([
    ...record.sessions.map((session) => sessionEnd(session, record, leases)),
    ...ownDeadlines(record, policy),
  ]);

/** When the settled record changes next if nobody acts; `null`: never. */
export const nextChangeAt = (
  record: PresenceRecord | null,
  leases: Leases,
  policy: Policy,
): Instant | null => (record ? (nextDeadline(record, leases, policy)?.at ?? null) : null);

/** The same without the leases: what a store keeps as the record's deadline. */
export const ownDeadline = (record: PresenceRecord, policy: Policy): Instant | null =>
  earliest([
    ...record.sessions
      .filter((session) => session.endsAt !== null)
      .map((session) => ({ at: session.endsAt as Instant, cause: 'page-closed' as const })),
    ...ownDeadlines(record, policy),
  ])?.at ?? null;

/** An ended session that was active was so until its end, for all that anybody knows. */
export const lastActive = (
  activeAt: Instant | null,
  gone: readonly Session[],
  at: Instant,
): Instant | null => {
  let last = activeAt;
  for (const { idleSince } of gone) {
    const until = idleSince ?? at;
    if (last === null || until > last) last = until;
  }
  return last;
};

const factsAt = (record: PresenceRecord, leases: Leases, at: Instant): Draft => {
  const ended = (session: Session): boolean => sessionEnd(session, record, leases).at <= at;
  const over = (claim: Claim): boolean => claim.until !== null && claim.until <= at;
  const gone = record.sessions.filter(ended);
  return {
    ...record,
    sessions:
      gone.length > 0 ? record.sessions.filter((session) => !ended(session)) : record.sessions,
    claims: record.claims.some(over)
      ? record.claims.filter((claim) => !over(claim))
      : record.claims,
    activeAt: lastActive(record.activeAt, gone, at),
  };
};

/**
 * Crosses each passed deadline in order, giving each change a revision and a version made from the
 * deadline itself. Reader, reaper and command all start here, so all of them see the same.
 *
 * @param at an instant of the store's clock; a deadline at exactly `at` has passed
 */
export const settle = (
  record: PresenceRecord | null,
  leases: Leases,
  at: Instant,
  policy: Policy,
): Settled => {
  let current = record;
  let steps: Step[] | null = null;
  while (current) {
    const deadline = nextDeadline(current, leases, policy);
    if (!deadline || deadline.at > at) break;
    if (deadline.cause === 'retention') return { record: null, steps: steps ?? NO_STEPS };
    const facts = factsAt(current, leases, deadline.at);
    // A lease that the store lost may have ended before the record was last touched.
    const crossedAt = Math.max(deadline.at, current.updatedAt);
    const next = transition(current, facts, crossedAt, deadline.cause, policy);
    current = next.record;
    if (next.step) (steps ??= []).push(next.step);
  }
  return { record: current, steps: steps ?? NO_STEPS };
};

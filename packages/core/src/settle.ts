import { allIdleSince, derive, lastActive } from './derive.ts';
import type { Instant, Leases } from './lease.ts';
import type { Policy } from './policy.ts';
import { roundedUp } from './precision.ts';
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
 * A held lease that the store no longer knows ended before anything else does. Its session is
 * crossed when the record was last touched: the same instant for everybody who asks.
 */
const LONG_AGO: Instant = 0;

const sessionEnd = (session: Session, leases: Leases): Deadline => {
  const ends = leases.get(session.lease) ?? LONG_AGO;
  return session.endsAt !== null && session.endsAt <= ends
    ? { at: session.endsAt, cause: 'page-closed' }
    : { at: ends, cause: 'lease-ended' };
};

const graceEnd = ({ endsAt }: Session): Deadline | null =>
  endsAt === null ? null : { at: endsAt, cause: 'page-closed' };

/** Whether anything but time's passing keeps the record worth having. */
const isForgettable = (record: PresenceRecord): boolean =>
  record.sessions.length === 0 &&
  record.claims.length === 0 &&
  record.account === 'active' &&
  record.visibility === 'visible';

/**
 * Counted from the last change, not from when the user was last seen: someone who is unblocked a
 * year later would be due for deletion before that could be written.
 */
const retentionEnd = (record: PresenceRecord, policy: Policy): Instant =>
  roundedUp(record.updatedAt + policy.offlineRetentionMs, policy.lastSeenPrecision);

/** Crossed when the record was last touched, unless a policy with a shorter limit came into force since. */
const isIdleLimitAhead = (record: PresenceRecord, limit: Instant, policy: Policy): boolean =>
  limit > record.updatedAt ||
  (record.own.status === 'away' && derive(record, record.updatedAt, policy).status === 'offline');

const idleLimit = (record: PresenceRecord, policy: Policy): Instant | null => {
  const idleSince = allIdleSince(record.sessions);
  if (idleSince === null) return null;
  const limit = idleSince + policy.offlineAfterIdleMs;
  return isIdleLimitAhead(record, limit, policy) ? limit : null;
};

/** Asked on every heartbeat: one object for the first deadline of all, and none where there is none. */
const firstDeadline = (
  record: PresenceRecord,
  policy: Policy,
  endOf: (session: Session) => Deadline | null,
): Deadline | null => {
  let first: Deadline | null = null;
  for (const session of record.sessions) {
    const end = endOf(session);
    if (end !== null && (first === null || end.at < first.at)) first = end;
  }
  for (const { until } of record.claims) {
    if (until !== null && (first === null || until < first.at)) {
      first = { at: until, cause: 'claim-ended' };
    }
  }
  const limit = idleLimit(record, policy);
  if (limit !== null && (first === null || limit < first.at)) {
    first = { at: limit, cause: 'idle-too-long' };
  }
  if (first === null && isForgettable(record)) {
    first = { at: retentionEnd(record, policy), cause: 'retention' };
  }
  return first;
};

const nextDeadline = (record: PresenceRecord, leases: Leases, policy: Policy): Deadline | null =>
  firstDeadline(record, policy, (session) => sessionEnd(session, leases));

/** When the settled record changes next if nobody acts; `null`: never. */
export const nextChangeAt = (
  record: PresenceRecord | null,
  leases: Leases,
  policy: Policy,
): Instant | null => (record ? (nextDeadline(record, leases, policy)?.at ?? null) : null);

/** The same without the leases: what a store keeps as the record's deadline. */
export const ownDeadline = (record: PresenceRecord, policy: Policy): Instant | null =>
  firstDeadline(record, policy, graceEnd)?.at ?? null;

const factsAt = (
  record: PresenceRecord,
  leases: Leases,
  at: Instant,
  crossedAt: Instant,
): Draft => {
  const ended = (session: Session): boolean => sessionEnd(session, leases).at <= at;
  const over = (claim: Claim): boolean => claim.until !== null && claim.until <= at;
  const gone = record.sessions.filter(ended);
  return {
    ...record,
    sessions:
      gone.length > 0 ? record.sessions.filter((session) => !ended(session)) : record.sessions,
    claims: record.claims.some(over)
      ? record.claims.filter((claim) => !over(claim))
      : record.claims,
    activeAt: lastActive(record.activeAt, gone, crossedAt),
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
    // A lease that the store lost may have ended before the record was last touched.
    const crossedAt = Math.max(deadline.at, current.updatedAt);
    const facts = factsAt(current, leases, deadline.at, crossedAt);
    const next = transition(current, facts, crossedAt, deadline.cause, policy);
    current = next.record;
    if (next.step) (steps ??= []).push(next.step);
  }
  return { record: current, steps: steps ?? NO_STEPS };
};

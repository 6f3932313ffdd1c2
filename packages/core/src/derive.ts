import type { Instant } from './lease.ts';
import type { Policy } from './policy.ts';
import { TOUCH_SESSION, type Claim, type PresenceRecord } from './record.ts';
import { isBlocked, type Status } from './status.ts';

/** Which rule decided; the order is the order of the rules. */
export type DecidedBy = 'account' | 'absent' | 'claim' | 'activity' | 'idle-too-long' | 'idle';

/** A status with the rule, and the claim if one won. */
export interface Decision {
  readonly status: Status;
  readonly by: DecidedBy;
  readonly claim: Claim | null;
}

/** The facts that a status is derived from, settled up to the instant of asking. */
export type Facts = Pick<PresenceRecord, 'account' | 'sessions' | 'claims'>;

const PRIORITIES: ReadonlyMap<string, number> = new Map([
  ['admin', 100],
  ['call', 60],
  ['user', 50],
  ['calendar', 40],
]);

/** admin 100, call 60, user 50, calendar 40, any other source 30. */
export const priorityOf = (source: string): number => PRIORITIES.get(source) ?? 30;

const isLive = (claim: Claim, at: Instant): boolean => claim.until === null || claim.until > at;

const beats = (challenger: Claim, holder: Claim): boolean => {
  if (challenger.priority !== holder.priority) return challenger.priority > holder.priority;
  if (challenger.setAt !== holder.setAt) return challenger.setAt > holder.setAt;
  return challenger.source > holder.source;
};

/** The claim that shows: the highest priority, the newest among equals. */
export const winningClaim = (
  claims: readonly Claim[],
  at: Instant,
  eligible: (claim: Claim) => boolean = () => true,
): Claim | null => {
  let winner: Claim | null = null;
  for (const claim of claims) {
    if (isLive(claim, at) && eligible(claim) && (winner === null || beats(claim, winner))) {
      winner = claim;
    }
  }
  return winner;
};

/** When the last input was, if every session is idle; `null` while any is active or none lives. */
export const allIdleSince = (sessions: Facts['sessions']): Instant | null => {
  let last: Instant | null = null;
  for (const { idleSince } of sessions) {
    if (idleSince === null) return null;
    if (last === null || idleSince > last) last = idleSince;
  }
  return last;
};

/** An ended session that was active was so until its end, for all that anybody knows. */
export const lastActive = (
  activeAt: Instant | null,
  gone: Facts['sessions'],
  at: Instant,
): Instant | null => {
  let last = activeAt;
  for (const { id, idleSince } of gone) {
    // Nobody saw input between its requests, and the last of them is known.
    if (id === TOUCH_SESSION) continue;
    const until = idleSince ?? at;
    if (last === null || until > last) last = until;
  }
  return last;
};

const byClaim = (claim: Claim): Decision => ({ status: claim.status, by: 'claim', claim });

const decide = (status: Status, by: DecidedBy): Decision => ({ status, by, claim: null });

/**
 * The status of a user: the one place where it is decided.
 *
 * 1. blocked account: offline
 * 2. no live session: offline, unless an admin's claim holds for absent users
 * 3. the live claim with the highest priority
 * 4. any session active: online; every session idle for `offlineAfterIdleMs`: offline; else away
 *
 * @param facts settled up to `at`: every session in it lives
 */
export const derive = (facts: Facts, at: Instant, policy: Policy): Decision => {
  if (isBlocked(facts.account)) return decide('offline', 'account');
  if (facts.sessions.length === 0) {
    const claim = winningClaim(facts.claims, at, ({ holdsAbsent }) => holdsAbsent);
    return claim ? byClaim(claim) : decide('offline', 'absent');
  }
  const claim = winningClaim(facts.claims, at);
  if (claim) return byClaim(claim);
  const idleSince = allIdleSince(facts.sessions);
  if (idleSince === null) return decide('online', 'activity');
  return at >= idleSince + policy.offlineAfterIdleMs
    ? decide('offline', 'idle-too-long')
    : decide('away', 'idle');
};

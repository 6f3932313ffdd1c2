import { allIdleSince, derive, type DecidedBy } from './derive.ts';
import { isSharedLease, type Instant, type Leases } from './lease.ts';
import type { Policy } from './policy.ts';
import type { Claim, PresenceRecord, Session, Step } from './record.ts';
import { nextChangeAt, settle } from './settle.ts';
import type { Account, Status, Visibility } from './status.ts';

/** A claim with the reason why it shows or does not. */
export interface ExplainedClaim extends Claim {
  readonly wins: boolean;
  /** Why it wins or loses, in words. */
  readonly why: string;
}

/** A session with what keeps it alive: `leaseEndsAt` is `null` where the store lost the lease. */
export interface ExplainedSession {
  readonly id: string;
  readonly via: 'socket' | 'http';
  readonly device: string | null;
  readonly activity: 'active' | 'idle';
  readonly idleSince: Instant | null;
  readonly openedAt: Instant;
  readonly leaseEndsAt: Instant | null;
  readonly endsAt: Instant | null;
}

/** Why a user shows what they show. For the user's own eyes and admins'. */
export interface Explanation {
  readonly userId: string;
  readonly at: Instant;
  readonly status: Status;
  readonly publicStatus: Status;
  readonly since: Instant | null;
  readonly by: DecidedBy;
  readonly account: Account;
  readonly visibility: Visibility;
  readonly claims: readonly ExplainedClaim[];
  readonly sessions: readonly ExplainedSession[];
  /** What changes next if nobody acts. */
  readonly next: { readonly at: Instant; readonly status: Status; readonly cause: string } | null;
  /** The last five transitions, oldest first. */
  readonly transitions: readonly Step[];
  /** The whole of it in sentences, the decision first. */
  readonly sentences: readonly string[];
}

const UNITS: readonly (readonly [number, string])[] = [
  [86_400_000, 'd'],
  [3_600_000, 'h'],
  [60_000, 'min'],
  [1000, 's'],
];

/** "2 h 5 min": two units at most, never less than a second. */
export const inWords = (ms: number): string => {
  const parts: string[] = [];
  let rest = Math.max(1000, Math.round(ms / 1000) * 1000);
  for (const [size, unit] of UNITS) {
    const count = Math.floor(rest / size);
    if (count === 0 && parts.length === 0) continue;
    if (count > 0) parts.push(`${count} ${unit}`);
    rest -= count * size;
    if (parts.length === 2 || size === 1000) break;
    if (count === 0) break;
  }
  return parts.join(' ');
};

const plural = (count: number, one: string): string => `${count} ${one}${count === 1 ? '' : 's'}`;

const whyWins = ({ priority }: Claim, claims: readonly Claim[]): string =>
  claims.filter((other) => other.priority === priority).length > 1
    ? 'the newest of the highest priority'
    : 'highest priority';

const whyClaim = (claim: Claim, winner: Claim | null, record: PresenceRecord): string => {
  if (claim === winner) return whyWins(claim, record.claims);
  if (record.account !== 'active') return 'the account is blocked';
  if (!winner) return 'nobody is there to show it for';
  if (winner.priority > claim.priority) {
    return `“${winner.source}” has priority ${winner.priority}, this one ${claim.priority}`;
  }
  return winner.setAt > claim.setAt
    ? `“${winner.source}” is newer`
    : `“${winner.source}” was set at the same time and wins by its name`;
};

const explainClaims = (record: PresenceRecord, winner: Claim | null): readonly ExplainedClaim[] =>
  record.claims.map((claim) => ({
    ...claim,
    wins: claim === winner,
    why: whyClaim(claim, winner, record),
  }));

const explainSession = (session: Session, leases: Leases): ExplainedSession => ({
  id: session.id,
  via: isSharedLease(session.lease) ? 'socket' : 'http',
  device: session.device,
  activity: session.idleSince === null ? 'active' : 'idle',
  idleSince: session.idleSince,
  openedAt: session.openedAt,
  leaseEndsAt: leases.get(session.lease) ?? null,
  endsAt: session.endsAt,
});

/** What has to happen, or not to happen, for the next change. */
const IF: Readonly<Record<string, string>> = {
  'lease-ended': 'if nothing more is heard from the connection',
  'page-closed': 'when the grace after closing is over',
  'claim-ended': 'when the claim ends',
  'idle-too-long': 'if there is no input',
};

/** As it stands in a sentence. */
const said = (status: Status): string => (status === 'dnd' ? 'do not disturb' : status);

const WHO: Readonly<Record<string, string>> = {
  user: 'they set it themselves',
  admin: 'an admin set it',
  calendar: 'the calendar says so',
  call: 'they are in a call',
};

const whoClaims = (source: string): string =>
  (Object.hasOwn(WHO, source) ? WHO[source] : undefined) ?? `“${source}” says so`;

const claimSentence = (
  status: Status,
  claim: Claim | null,
  { sessions }: PresenceRecord,
  at: Instant,
): string => {
  const although = sessions.length === 0 ? ', although no session is alive,' : '';
  const until = claim?.until ? `for another ${inWords(claim.until - at)}` : 'until it is cleared';
  return `Shows ${said(status)}${although} ${until}, because ${whoClaims(claim?.source ?? '')}.`;
};

const decisionSentence = (
  record: PresenceRecord,
  at: Instant,
  status: Status,
  by: DecidedBy,
  claim: Claim | null,
): string => {
  const idleSince = allIdleSince(record.sessions);
  const idleFor = idleSince === null ? '' : inWords(at - idleSince);
  switch (by) {
    case 'account':
      return `Offline, because the account is ${record.account}.`;
    case 'absent':
      return record.seenAt === null
        ? 'Offline: never seen.'
        : `Offline, because no session is alive; last seen ${inWords(at - record.seenAt)} ago.`;
    case 'claim':
      return claimSentence(status, claim, record, at);
    case 'activity': {
      const active = record.sessions.filter((session) => session.idleSince === null).length;
      return `Online, because ${plural(active, 'session')} of ${record.sessions.length} ${active === 1 ? 'is' : 'are'} active.`;
    }
    case 'idle-too-long':
      return `Offline, because every session has been idle for ${idleFor}.`;
    case 'idle':
      return `Away, because every session is idle; the last input was ${idleFor} ago.`;
  }
};

const upcoming = (record: PresenceRecord, leases: Leases, policy: Policy): Explanation['next'] => {
  let current: PresenceRecord | null = record;
  for (;;) {
    const at = nextChangeAt(current, leases, policy);
    if (at === null) return null;
    const settled = settle(current, leases, at, policy);
    const [step] = settled.steps;
    if (step) return { at, status: step.status, cause: step.cause };
    // Something ended that nobody sees, a claim that lost: what anybody sees comes after it.
    current = settled.record;
  }
};

const sentencesOf = (
  record: PresenceRecord,
  at: Instant,
  first: string,
  next: Explanation['next'],
): readonly string[] => [
  first,
  ...(record.visibility === 'hidden'
    ? ['Hidden: others see someone who left at the moment of hiding.']
    : []),
  ...(next && next.status !== record.own.status
    ? [
        `This becomes ${said(next.status)} in ${inWords(next.at - at)} ${IF[next.cause] ?? 'by itself'}.`,
      ]
    : []),
];

/**
 * Answers "why does it say away?": the decision, the claims that won and lost, each session with
 * its lease, what changes next and when, the last transitions with their causes.
 *
 * @param record settled up to `at`; `null` for someone who was never seen
 */
export const explain = (
  userId: string,
  record: PresenceRecord | null,
  leases: Leases,
  at: Instant,
  policy: Policy,
): Explanation => {
  if (record === null) return unseen(userId, at);
  const { status, by, claim } = derive(record, at, policy);
  const next = upcoming(record, leases, policy);
  const winner = claim;
  return {
    userId,
    at,
    status,
    publicStatus: record.public.status,
    since: record.own.since,
    by,
    account: record.account,
    visibility: record.visibility,
    claims: explainClaims(record, winner),
    sessions: record.sessions.map((session) => explainSession(session, leases)),
    next,
    transitions: record.steps,
    sentences: sentencesOf(record, at, decisionSentence(record, at, status, by, claim), next),
  };
};

const unseen = (userId: string, at: Instant): Explanation => ({
  userId,
  at,
  status: 'offline',
  publicStatus: 'offline',
  since: null,
  by: 'absent',
  account: 'active',
  visibility: 'visible',
  claims: [],
  sessions: [],
  next: null,
  transitions: [],
  sentences: ['Offline: never seen.'],
});

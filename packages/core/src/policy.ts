import { PresenceError } from './errors.ts';
import { LAST_SEEN_PRECISIONS, type LastSeenPrecision } from './precision.ts';

/** How long a session outlives each way of going. */
export interface Grace {
  /** The link broke without a word. Default 15 s. */
  readonly lostMs: number;
  /** The page said it closes. A reload within it is seen by nobody. Default 5 s. */
  readonly closedMs: number;
  /** The server node said it stops. Default 60 s. */
  readonly drainMs: number;
}

/** Every duration and bound of the presence rules, in milliseconds. Resolved once, then frozen. */
export interface Policy {
  /** An HTTP client's next beat while its page is visible. Default 30 s. */
  readonly heartbeatMs: number;
  /** The same while hidden: browsers run timers of hidden pages once a minute. Default 60 s. */
  readonly hiddenHeartbeatMs: number;
  /** An HTTP session's lease; hidden pages get at least twice their beat and the grace. Default 120 s. */
  readonly leaseMs: number;
  /** The lease of a server node. Its sessions end that long after it crashed. Default 30 s. */
  readonly nodeLeaseMs: number;
  /** How often a node renews it. Default 5 s. */
  readonly nodeRenewMs: number;
  /** How often the server pings a socket. Default 25 s. */
  readonly pingMs: number;
  /** How long it waits for the pong. Default 20 s. */
  readonly pongTimeoutMs: number;
  /** Without input for so long a session is idle. Default 5 min. */
  readonly awayAfterMs: number;
  /** When every session is idle for so long the user is offline. Default 30 min. */
  readonly offlineAfterIdleMs: number;
  readonly grace: Grace;
  /** How often deadlines are reaped. Default 1 s. */
  readonly reapMs: number;
  /** How long a typing notice lasts. Default 6 s. */
  readonly typingMs: number;
  /**
   * Changes within it travel together, the latest state per user. Default 100 ms; while a crowd comes
   * in at once it stretches, to about a second at most.
   */
  readonly fanOutMs: number;
  /** How long an offline user's record is kept after its last change. Default 30 days. */
  readonly offlineRetentionMs: number;
  /** The oldest session beyond it is replaced, and told so. Default 20. */
  readonly maxSessions: number;
  /** Claims of different sources that one user may hold. Default 20. */
  readonly maxClaims: number;
  /** Whether users may hide. Default true. */
  readonly mayHide: boolean;
  /**
   * How exactly others are told when somebody was there last: `exact`, to the minute, to the day (in
   * UTC), or not at all. Versions are instants, and tell no more either: between equal ones `asOf`
   * decides. Whoever watches live sees people come and go. Users themselves and admins are told
   * exactly. Default `exact`.
   */
  readonly lastSeenPrecision: LastSeenPrecision;
}

/** What an application may set; the rest is {@link DEFAULT_POLICY}. */
export type PolicyOptions = Partial<Omit<Policy, 'grace'>> & { readonly grace?: Partial<Grace> };

const DAY = 86_400_000;

/** What holds where an application sets nothing. Plain numbers: bundlers drop what they need not compute. */
export const DEFAULT_POLICY: Policy = Object.freeze({
  heartbeatMs: 30_000,
  hiddenHeartbeatMs: 60_000,
  leaseMs: 120_000,
  nodeLeaseMs: 30_000,
  nodeRenewMs: 5_000,
  pingMs: 25_000,
  pongTimeoutMs: 20_000,
  awayAfterMs: 300_000,
  offlineAfterIdleMs: 1_800_000,
  grace: Object.freeze({ lostMs: 15_000, closedMs: 5_000, drainMs: 60_000 }),
  reapMs: 1000,
  typingMs: 6_000,
  fanOutMs: 100,
  offlineRetentionMs: 2_592_000_000,
  maxSessions: 20,
  maxClaims: 20,
  mayHide: true,
  lastSeenPrecision: 'exact',
});

/** The longest delay that timers of the platforms take; also a guard against seconds and years mixed up. */
const LONGEST_MS = 2_147_483_647;

/** Relations that must hold, or presence flaps. Each names both settings; both numbers go into the message. */
const RELATIONS: readonly {
  readonly left: (p: Policy) => number;
  readonly right: (p: Policy) => number;
  readonly says: string;
  readonly why: string;
}[] = [
  {
    left: (p) => p.leaseMs,
    right: (p) => 2 * p.heartbeatMs,
    says: 'leaseMs must be at least 2 × heartbeatMs',
    why: 'one lost heartbeat would take a user offline',
  },
  {
    left: (p) => p.hiddenHeartbeatMs,
    right: (p) => p.heartbeatMs,
    says: 'hiddenHeartbeatMs must be at least heartbeatMs',
    why: 'hidden pages run their timers less often than visible ones',
  },
  {
    left: (p) => p.nodeLeaseMs,
    right: (p) => 3 * p.nodeRenewMs,
    says: 'nodeLeaseMs must be at least 3 × nodeRenewMs',
    why: 'two slow renewals would take every user of a node offline',
  },
  {
    left: (p) => p.offlineAfterIdleMs,
    right: (p) => p.awayAfterMs,
    says: 'offlineAfterIdleMs must be at least awayAfterMs',
    why: 'an idle user would be offline before they are away',
  },
  {
    left: (p) => p.nodeLeaseMs,
    right: (p) => p.reapMs,
    says: 'nodeLeaseMs must be at least reapMs',
    why: 'a lease would end unnoticed for longer than it lasts',
  },
  {
    left: (p) => p.grace.drainMs,
    right: (p) => p.grace.lostMs,
    says: 'grace.drainMs must be at least grace.lostMs',
    why: 'users would be offline sooner after a deploy than after a broken link',
  },
];

const invalid = (what: string): PresenceError =>
  new PresenceError('invalid_policy', `[presence/policy] ${what}`);

const checkWhole = (name: string, value: number, least: number, most: number): void => {
  if (Number.isInteger(value) && value >= least && value <= most) return;
  const advice = name.endsWith('Ms') ? 'Durations are milliseconds.' : 'Set a number.';
  throw invalid(
    `${name} must be a whole number from ${least} to ${most}: saw ${String(value)}. ${advice}`,
  );
};

const checkDurations = (policy: Policy): void => {
  for (const [name, value] of Object.entries({ ...policy, ...prefixed(policy.grace) })) {
    if (!name.endsWith('Ms')) continue;
    const least = name.startsWith('grace.') || name === 'fanOutMs' ? 0 : 1;
    checkWhole(
      name,
      value as number,
      least,
      name === 'offlineRetentionMs' ? 3650 * DAY : LONGEST_MS,
    );
  }
  checkWhole('maxSessions', policy.maxSessions, 1, 1000);
  checkWhole('maxClaims', policy.maxClaims, 1, 1000);
  if (!LAST_SEEN_PRECISIONS.includes(policy.lastSeenPrecision)) {
    throw invalid(
      `lastSeenPrecision must be one of ${LAST_SEEN_PRECISIONS.join(', ')}: saw ${policy.lastSeenPrecision}. Set one of them, or leave it out.`,
    );
  }
  if (typeof policy.mayHide !== 'boolean') {
    throw invalid(
      `mayHide must be true or false: saw ${String(policy.mayHide)}. Set one of them, or leave it out.`,
    );
  }
};

const prefixed = (grace: Grace): Record<string, number> =>
  Object.fromEntries(Object.entries(grace).map(([name, value]) => [`grace.${name}`, value]));

const refuseUnknown = (name: string, given: object, known: object): void => {
  for (const key of Object.keys(given)) {
    if (!Object.hasOwn(known, key)) {
      throw invalid(`${name}${key} is not a setting. Known: ${Object.keys(known).join(', ')}.`);
    }
  }
};

const checkGrace = (grace: unknown): void => {
  if (grace === undefined || (typeof grace === 'object' && grace !== null)) return;
  throw invalid(
    `grace must be an object of durations: saw ${JSON.stringify(grace)}. Give { lostMs: … }.`,
  );
};

const withoutUndefined = <T extends object>(given: T): T =>
  Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as T;

/**
 * The whole policy from what an application set, frozen.
 *
 * @throws PresenceError `invalid_policy` for unknown names, values out of range and relations that
 *   would make presence flap, with both numbers.
 */
export const resolvePolicy = (options: PolicyOptions = {}): Policy => {
  refuseUnknown('', options, DEFAULT_POLICY);
  checkGrace(options.grace);
  refuseUnknown('grace.', options.grace ?? {}, DEFAULT_POLICY.grace);
  const policy: Policy = Object.freeze({
    ...DEFAULT_POLICY,
    ...withoutUndefined(options),
    grace: Object.freeze({ ...DEFAULT_POLICY.grace, ...withoutUndefined(options.grace ?? {}) }),
  });
  checkDurations(policy);
  for (const { left, right, says, why } of RELATIONS) {
    if (left(policy) < right(policy)) {
      throw invalid(`${says}: saw ${left(policy)} and ${right(policy)}. Otherwise ${why}.`);
    }
  }
  return policy;
};

/** The beat that a client promises by saying whether its page is hidden. */
export const promisedBeatMs = (policy: Policy, hidden: boolean): number =>
  hidden ? policy.hiddenHeartbeatMs : policy.heartbeatMs;

/** The lease that goes with that promise: two beats and the grace of a lost link, at least `leaseMs`. */
export const leaseForMs = (policy: Policy, hidden: boolean): number =>
  Math.max(policy.leaseMs, 2 * promisedBeatMs(policy, hidden) + policy.grace.lostMs);

/** Data not confirmed for so long is too old to trust: a client shows `unknown` instead. */
export const staleAfterMs = (policy: Policy): number =>
  policy.pingMs + policy.pongTimeoutMs + policy.grace.lostMs;

import {
  derive,
  isSharedLease,
  priorityOf,
  type Account,
  type Claim,
  type Instant,
  type LeaseId,
  type Policy,
  type Session,
  type SetClaim,
  type Status,
  type Visibility,
} from '@presence/core';
import { AMNESTY_MS } from '../../../stores/store.ts';

/** What was acknowledged of one user; nothing here is settled, expired or cleaned up. */
interface UserFacts {
  readonly sessions: Map<string, Session>;
  readonly claims: Map<string, Claim>;
  visibility: Visibility;
  account: Account;
}

/** The truth that the store is compared with: acknowledged facts, and nothing that the store said of them. */
export interface Facts {
  of(user: string): UserFacts;
  /** `undefined`: no such lease. */
  expiryOf(id: LeaseId): Instant | undefined;
  isAlive(id: LeaseId, at: Instant): boolean;
  extend(id: LeaseId, to: Instant): void;
  /** The store stood still from `aliveAt` to `at`: what lived then lives on for a while. */
  pardon(aliveAt: Instant, at: Instant): void;
  /** Sessions of `user` that live at an instant. */
  livingOf(user: string, at: Instant): readonly Session[];
  /** A session as a commit left it; `null`: it ended. A lease that nobody holds any more is gone. */
  setSession(user: string, id: string, session: Session | null): void;
  setClaim(user: string, command: SetClaim, at: Instant): void;
  /** True for admins and the user; `public` for others. */
  statusOf(user: string, at: Instant, projection: 'true' | 'public'): Status;
  /** Whether a record may be forgotten: there is nothing in it that time must keep. */
  isForgettable(user: string, at: Instant): boolean;
}

const nobody = (): UserFacts => ({
  sessions: new Map(),
  claims: new Map(),
  visibility: 'visible',
  account: 'active',
});

export const createFacts = (policy: Policy): Facts => {
  const users = new Map<string, UserFacts>();
  const leases = new Map<LeaseId, Instant>();

  const of = (user: string): UserFacts => {
    const known = users.get(user) ?? nobody();
    users.set(user, known);
    return known;
  };

  const isAlive = (id: LeaseId, at: Instant): boolean => (leases.get(id) ?? 0) > at;

  const livingOf = (user: string, at: Instant): readonly Session[] =>
    [...of(user).sessions.values()].filter(
      ({ lease, endsAt }) => isAlive(lease, at) && (endsAt === null || endsAt > at),
    );

  const livingClaims = (user: string, at: Instant): readonly Claim[] =>
    [...of(user).claims.values()].filter(({ until }) => until === null || until > at);

  return {
    of,
    expiryOf: (id) => leases.get(id),
    isAlive,
    extend: (id, to) => void leases.set(id, Math.max(leases.get(id) ?? 0, to)),
    pardon: (aliveAt, at) => {
      for (const [id, expiresAt] of leases) {
        if (expiresAt <= aliveAt) continue;
        const forMs = isSharedLease(id) ? AMNESTY_MS.shared : AMNESTY_MS.own;
        leases.set(id, Math.max(expiresAt, at + forMs));
      }
    },
    livingOf,
    setSession: (user, id, session) => {
      const { sessions } = of(user);
      const before = sessions.get(id);
      if (before && !isSharedLease(before.lease) && before.lease !== session?.lease) {
        leases.delete(before.lease);
      }
      if (session) sessions.set(id, session);
      else sessions.delete(id);
    },
    setClaim: (user, { source, status, forMs, holdsAbsent }, at) => {
      of(user).claims.set(source, {
        source,
        status,
        priority: priorityOf(source),
        message: null,
        emoji: null,
        until: forMs === undefined ? null : at + forMs,
        setAt: at,
        holdsAbsent: holdsAbsent === true,
      });
    },
    statusOf: (user, at, projection) => {
      const { account, visibility } = of(user);
      if (projection === 'public' && visibility === 'hidden') return 'offline';
      const facts = { account, sessions: livingOf(user, at), claims: livingClaims(user, at) };
      return derive(facts, at, policy).status;
    },
    isForgettable: (user, at) => {
      const { account, visibility } = of(user);
      const isPlain = account === 'active' && visibility === 'visible';
      return isPlain && livingOf(user, at).length + livingClaims(user, at).length === 0;
    },
  };
};

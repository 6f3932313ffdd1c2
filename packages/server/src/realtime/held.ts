import {
  emptyRecord,
  isBlocked,
  type ErrorCode,
  type Instant,
  type Key,
  type Policy,
  type PresenceRecord,
  type RoomStay,
} from '@presence/core';
import type { ResolvedPrincipal } from '../types.ts';
import type { Hub } from './hub.ts';
import type { Link } from './link.ts';
import type { Timed } from './wheel.ts';

/** A session that hangs on this node's lease. Live time unless it says otherwise. */
export interface Held extends Timed {
  readonly key: Key;
  readonly hub: Hub;
  readonly sessionId: string;
  /** 0 while the commit that opens it is under way. */
  generation: number;
  device: string | null;
  /** Of the store's clock. */
  openedAt: Instant;
  readonly principal: ResolvedPrincipal;
  /** `null` while its link is gone and the grace runs. */
  link: Link | null;
  leaveCause: 'link-lost' | 'page-closed' | 'signed-out';
  /** The newest record that its client was brought up to; -1 before the first. */
  revision: number;
  /** What the last `me` frame said of declared things, in short. */
  declared: string;
  /** Since when there was no input, as the client said; `null` while active. */
  idleAt: number | null;
  /** The same as the store has it. */
  storedIdleAt: number | null;
  isStoring: boolean;
  /** When the client last said that it is active. */
  activeAt: number;
  /** The rooms that it is in, for a store that loses them. */
  rooms: readonly RoomStay[] | undefined;
  /** A change that arrived before the answer to the opening commit. */
  ahead: { readonly record: PresenceRecord | null; readonly at: Instant } | null;
}

type HeldStart = Pick<Held, 'principal' | 'hub' | 'sessionId' | 'link'>;

/** Most principals say no more than who it is: the key then stands for both. */
const slim = (principal: ResolvedPrincipal, key: Key): ResolvedPrincipal =>
  Object.values(principal).filter((value) => value !== undefined).length > 2 ? principal : key;

export const createHeld = (start: HeldStart, idleAt: number | null, now: number): Held => {
  const { tenant, userId } = start.principal;
  const key = { tenant, userId };
  return heldOf({ ...start, principal: slim(start.principal, key) }, key, idleAt, now);
};

const heldOf = (start: HeldStart, key: Key, idleAt: number | null, now: number): Held => ({
  slot: -1,
  key,
  hub: start.hub,
  sessionId: start.sessionId,
  generation: 0,
  device: null,
  openedAt: 0,
  principal: start.principal,
  link: start.link,
  leaveCause: 'link-lost',
  revision: -1,
  declared: '',
  idleAt,
  storedIdleAt: idleAt,
  isStoring: false,
  activeAt: now,
  rooms: undefined,
  ahead: null,
});

/** What a user declared, as text to compare; `''` for almost everybody. */
const declaredBy = ({ claims, visibility, account }: PresenceRecord): string =>
  claims.length === 0 && visibility === 'visible' && account === 'active'
    ? ''
    : JSON.stringify([visibility, account, claims]);

/**
 * Takes note of a record; whether the own view differs from the one noted before. A view's version is
 * the revision that changed it, so one beyond the record noted last is news.
 */
export const ownViewChanged = (held: Held, record: PresenceRecord | null): boolean => {
  const seen = record ?? emptyRecord(held.key.userId);
  const declared = declaredBy(seen);
  const isNews = seen.own.version > held.revision || declared !== held.declared;
  held.revision = Math.max(held.revision, seen.revision);
  held.declared = declared;
  held.rooms = seen.sessions.find(({ id }) => id === held.sessionId)?.rooms;
  return isNews;
};

/** Older sessions make room for a newer one; nothing else leaves a full house of younger ones. */
const wasEvicted = (held: Held, record: PresenceRecord, policy: Policy): boolean =>
  record.sessions.length >= policy.maxSessions &&
  record.sessions.every(({ openedAt }) => openedAt >= held.openedAt);

/** Why a session is not this connection's any more; `null` while it is. */
export const verdictOn = (
  held: Held,
  record: PresenceRecord | null,
  policy: Policy,
): ErrorCode | null => {
  if (record === null) return 'session_gone';
  if (isBlocked(record.account)) return 'account_blocked';
  const session = record.sessions.find(({ id }) => id === held.sessionId);
  if (session) return session.generation === held.generation ? null : 'session_replaced';
  if (record.signedOutAt !== null && record.signedOutAt >= held.openedAt) return 'signed_out';
  return wasEvicted(held, record, policy) ? 'session_replaced' : 'session_gone';
};

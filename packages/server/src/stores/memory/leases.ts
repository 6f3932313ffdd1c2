import { isSharedLease, type Instant, type Lease, type LeaseId } from '@presence/core';
import { AMNESTY_MS } from '../store.ts';
import type { Entry } from './entry.ts';
import { createTimers, type Timers } from './timers.ts';
import type { Slot } from './wheel.ts';

/** A lease on which sessions of many users hang. Kept until nobody holds it. */
export interface SharedLease {
  readonly id: LeaseId;
  slot: Slot;
  hasEnded: boolean;
  /** Who goes offline with it as a group, without being overdue one by one. */
  readonly solo: Entry[];
  readonly others: Set<Entry>;
  /** The holds of everybody who hangs on this lease alone: one list for all of them. */
  readonly alone: readonly LeaseId[];
}

/** Every lease, and the deadlines of the records beside them. */
export interface Leases {
  /** An own lease or a deadline is owned by its entry, so that a lease costs no object of its own. */
  readonly timers: Timers<Entry | SharedLease>;
  readonly own: Map<LeaseId, Slot>;
  readonly shared: Map<LeaseId, SharedLease>;
  /** Shared leases that ended while users hang on them alone. */
  readonly ended: Set<SharedLease>;
  now: Instant;
}

export const createLeases = (startAt: Instant): Leases => ({
  timers: createTimers(startAt),
  own: new Map(),
  shared: new Map(),
  ended: new Set(),
  now: startAt,
});

const isShared = (owner: Entry | SharedLease): owner is SharedLease => 'others' in owner;

const slotOf = ({ own, shared }: Leases, id: LeaseId): Slot | undefined =>
  own.get(id) ?? shared.get(id)?.slot;

export const expiryOf = (leases: Leases, id: LeaseId): Instant | undefined => {
  const slot = slotOf(leases, id);
  return slot === undefined ? undefined : leases.timers.at(slot);
};

export const hasEnded = (leases: Leases, id: LeaseId): boolean =>
  (expiryOf(leases, id) ?? 0) <= leases.now;

export const holdersOf = ({ shared }: Leases, id: LeaseId): number => {
  const lease = shared.get(id);
  return lease ? lease.solo.length + lease.others.size : 0;
};

/** Forgets a lease that ended, once nobody has to read its expiry any more. */
export const dropIfUnheld = ({ shared, ended, timers }: Leases, lease: SharedLease): void => {
  if (!lease.hasEnded || lease.others.size + lease.solo.length > 0) return;
  ended.delete(lease);
  shared.delete(lease.id);
  timers.remove(lease.slot);
};

/** Extends what lives; false when it has ended. */
export const extend = ({ timers, now }: Leases, slot: Slot, forMs: number): boolean => {
  const expiresAt = timers.at(slot);
  if (expiresAt <= now) return false;
  if (now + forMs > expiresAt) timers.defer(slot, now + forMs);
  return true;
};

const createShared = ({ timers, shared, now }: Leases, id: LeaseId, forMs: number): void => {
  const lease: SharedLease = {
    id,
    slot: -1,
    hasEnded: false,
    solo: [],
    others: new Set(),
    alone: Object.freeze([id]),
  };
  lease.slot = timers.add(lease, now + forMs);
  shared.set(id, lease);
};

const isHeldAt = ({ timers }: Leases, slot: Slot, revision: number): boolean => {
  const owner = timers.ownerOf(slot);
  return !isShared(owner) && owner.record.revision === revision;
};

/** Extends a living lease, or creates a shared one; false when it is lost. */
export const renewLease = (leases: Leases, { id, forMs, create, revision }: Lease): boolean => {
  const slot = slotOf(leases, id);
  if (slot !== undefined) {
    if (revision !== undefined && !isHeldAt(leases, slot, revision)) return false;
    return extend(leases, slot, forMs);
  }
  if (create !== true || !isSharedLease(id)) return false;
  createShared(leases, id, forMs);
  return true;
};

export const setDeadline = ({ timers }: Leases, entry: Entry, deadline: Instant | null): void => {
  if (entry.deadline !== null) {
    if (timers.at(entry.deadline) === deadline) return;
    timers.remove(entry.deadline);
  }
  entry.deadline = deadline === null ? null : timers.add(entry, deadline);
};

/** Ends what has ended by `at`, and says whose record has to be judged for that. */
export const endLeases = (leases: Leases, at: Instant, isOverdue: (entry: Entry) => void): void => {
  const { timers, ended } = leases;
  leases.now = at;
  timers.advance(at, (slot) => {
    const owner = timers.ownerOf(slot);
    if (isShared(owner)) {
      owner.hasEnded = true;
      for (const entry of owner.others) isOverdue(entry);
      if (owner.solo.length > 0) ended.add(owner);
      dropIfUnheld(leases, owner);
      return;
    }
    if (owner.deadline === slot) {
      owner.deadline = null;
      timers.remove(slot);
    }
    isOverdue(owner);
  });
};

/** After a stop: what lived at `aliveAt` lives on for a while. */
export const pardonLeases = ({ timers }: Leases, aliveAt: Instant, at: Instant): void =>
  timers.each((slot) => {
    const owner = timers.ownerOf(slot);
    const isDeadline = !isShared(owner) && owner.deadline === slot;
    if (isDeadline || timers.at(slot) <= aliveAt) return;
    const until = at + (isShared(owner) ? AMNESTY_MS.shared : AMNESTY_MS.own);
    if (timers.at(slot) < until) timers.defer(slot, until);
  });

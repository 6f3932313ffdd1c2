import { isSharedLease, type Instant, type Lease, type LeaseId } from '@presence/core';
import { AMNESTY_MS } from '../store.ts';
import { addTo, removeAt, type Entry } from './entry.ts';
import { createTimers, type Slot } from './timers.ts';

/** A lease on which sessions of many users hang. Kept until nobody holds it. */
export interface SharedLease {
  readonly id: LeaseId;
  slot: Slot;
  hasEnded: boolean;
  /** Who goes offline with it as a group, without being overdue one by one. */
  readonly solo: Entry[];
  readonly others: Set<Entry>;
}

/** Leases and deadlines, and who has to hear of their end. */
export interface Leases {
  /** Ends what has ended by `at`. */
  advance(at: Instant): void;
  /** After a stop: what lived at `aliveAt` lives on for a while. */
  pardon(aliveAt: Instant, at: Instant): void;
  expiryOf(id: LeaseId): Instant | undefined;
  hasEnded(id: LeaseId): boolean;
  /** Extends a living lease, or creates a shared one; false when it is lost. */
  renew(lease: Lease, at: Instant): boolean;
  holdersOf(id: LeaseId): number;
  /** Makes `entry` hold `holds` instead of what it held, with own leases extended by `grant`. */
  hold(
    entry: Entry,
    holds: readonly LeaseId[],
    solo: LeaseId | '',
    grant: readonly Lease[],
    at: Instant,
  ): void;
  setDeadline(entry: Entry, deadline: Instant | null): void;
  /** Shared leases that ended while users hang on them alone. */
  readonly ended: ReadonlySet<SharedLease>;
  nextAt(): Instant | null;
}

const isShared = (owner: Entry | SharedLease): owner is SharedLease => 'others' in owner;

export const createLeases = (startAt: Instant, isOverdue: (entry: Entry) => void): Leases => {
  // An own lease or a deadline is owned by the entry, so that a lease costs no object of its own.
  const timers = createTimers<Entry | SharedLease>(startAt);
  const own = new Map<LeaseId, Slot>();
  const shared = new Map<LeaseId, SharedLease>();
  const ended = new Set<SharedLease>();
  let now = startAt;

  const slotOf = (id: LeaseId): Slot | undefined => own.get(id) ?? shared.get(id)?.slot;

  const expiryOf = (id: LeaseId): Instant | undefined => {
    const slot = slotOf(id);
    return slot === undefined ? undefined : timers.at(slot);
  };

  const hasEnded = (id: LeaseId): boolean => (expiryOf(id) ?? 0) <= now;

  const dropIfUnheld = (lease: SharedLease): void => {
    if (!lease.hasEnded || lease.others.size > 0) return;
    if (lease.solo.length > 0) return;
    ended.delete(lease);
    shared.delete(lease.id);
    timers.remove(lease.slot);
  };

  const endShared = (lease: SharedLease): void => {
    lease.hasEnded = true;
    for (const entry of lease.others) isOverdue(entry);
    if (lease.solo.length > 0) ended.add(lease);
    dropIfUnheld(lease);
  };

  const fire = (slot: Slot): void => {
    const owner = timers.ownerOf(slot);
    if (isShared(owner)) return endShared(owner);
    if (owner.deadline === slot) {
      owner.deadline = null;
      timers.remove(slot);
    }
    isOverdue(owner);
  };

  const create = (id: LeaseId, expiresAt: Instant): void => {
    const lease: SharedLease = { id, slot: -1, hasEnded: false, solo: [], others: new Set() };
    lease.slot = timers.add(lease, expiresAt);
    shared.set(id, lease);
  };

  const extend = (slot: Slot, to: Instant, at: Instant): boolean => {
    const expiresAt = timers.at(slot);
    if (expiresAt <= at) return false;
    if (to > expiresAt) timers.defer(slot, to);
    return true;
  };

  const renew = ({ id, forMs, create: mayCreate }: Lease, at: Instant): boolean => {
    const slot = slotOf(id);
    if (slot === undefined) {
      if (mayCreate !== true || !isSharedLease(id)) return false;
      create(id, at + forMs);
      return true;
    }
    return extend(slot, at + forMs, at);
  };

  const release = (entry: Entry, kept: readonly LeaseId[]): void => {
    for (const id of entry.holds) {
      const lease = shared.get(id);
      if (!lease) {
        const slot = own.get(id);
        if (slot === undefined || kept.includes(id)) continue;
        own.delete(id);
        timers.remove(slot);
      } else if (!lease.others.delete(entry)) {
        removeAt(lease.solo, entry.soloPlace, (last) => (last.soloPlace = entry.soloPlace));
        entry.soloPlace = -1;
      }
    }
  };

  const take = (entry: Entry, id: LeaseId, forMs: number | undefined, at: Instant): void => {
    const lease = shared.get(id);
    if (lease) {
      if (entry.solo === id) entry.soloPlace = addTo(lease.solo, entry);
      else lease.others.add(entry);
      if (lease.hasEnded && entry.solo === id) ended.add(lease);
      return;
    }
    if (forMs === undefined) return;
    const slot = own.get(id);
    if (slot === undefined) own.set(id, timers.add(entry, at + forMs));
    else extend(slot, at + forMs, at);
  };

  const hold: Leases['hold'] = (entry, holds, solo, grant, at) => {
    const before = entry.holds;
    release(entry, holds);
    entry.solo = solo;
    entry.holds = holds;
    for (const id of holds) take(entry, id, grant.find((lease) => lease.id === id)?.forMs, at);
    for (const id of before) {
      const lease = shared.get(id);
      if (lease) dropIfUnheld(lease);
    }
  };

  const setDeadline = (entry: Entry, deadline: Instant | null): void => {
    if (entry.deadline !== null) {
      if (timers.at(entry.deadline) === deadline) return;
      timers.remove(entry.deadline);
    }
    entry.deadline = deadline === null ? null : timers.add(entry, deadline);
  };

  const pardon = (aliveAt: Instant, at: Instant): void =>
    timers.each((slot) => {
      const owner = timers.ownerOf(slot);
      const isOwn = !isShared(owner);
      if ((isOwn && owner.deadline === slot) || timers.at(slot) <= aliveAt) return;
      const until = at + (isOwn ? AMNESTY_MS.own : AMNESTY_MS.shared);
      if (timers.at(slot) < until) timers.defer(slot, until);
    });

  return {
    advance: (at) => {
      now = at;
      timers.advance(at, fire);
    },
    pardon,
    expiryOf,
    hasEnded,
    renew,
    holdersOf: (id) => {
      const lease = shared.get(id);
      return lease ? lease.solo.length + lease.others.size : 0;
    },
    hold,
    setDeadline,
    ended,
    nextAt: timers.nextAt,
  };
};

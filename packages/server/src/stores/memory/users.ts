import {
  isSharedLease,
  type Instant,
  type Key,
  type LeaseId,
  type Loaded,
  type PresenceRecord,
  type Write,
} from '@presence/core';
import type { Committed } from '../store.ts';
import { createEntry, type Entry } from './entry.ts';
import { holdAnew } from './holds.ts';
import { createLeases, endLeases, expiryOf, hasEnded, setDeadline, type Leases } from './leases.ts';
import { createListing, type Listing } from './listing.ts';
import { createOverdue, type Overdue } from './overdue.ts';

type Refusal = Extract<Committed, { ok: false }>['reason'];

/** The stored users, with the leases, lists and deadlines that follow from what was committed. */
export interface Users {
  readonly leases: Leases;
  readonly listing: Listing;
  readonly overdue: Overdue;
  readonly tenants: Map<string, Map<string, Entry>>;
}

export const createUsers = (startAt: Instant): Users => {
  const leases = createLeases(startAt);
  return {
    leases,
    listing: createListing((id) => hasEnded(leases, id)),
    overdue: createOverdue(leases.ended),
    tenants: new Map(),
  };
};

const NO_LEASES: ReadonlyMap<LeaseId, Instant> = new Map();
const NO_HOLDS: readonly LeaseId[] = Object.freeze([]);

const sameItems = (a: readonly string[], b: readonly string[]): boolean =>
  a === b || (a.length === b.length && a.every((item, index) => item === b[index]));

const staysInPlace = (entry: Entry, write: Write): boolean =>
  entry.overduePlace < 0 &&
  entry.status === write.status &&
  entry.solo === write.solo &&
  sameItems(entry.scopes, write.scopes);

const entryOf = ({ tenants }: Users, { tenant, userId }: Key): Entry | undefined =>
  tenants.get(tenant)?.get(userId);

export const loadEntry = ({ leases }: Users, { key, record, holds }: Entry): Loaded => {
  if (holds.length === 0) return { key, record, leases: NO_LEASES };
  const expiries = new Map<LeaseId, Instant>();
  for (const id of holds) {
    const expiresAt = expiryOf(leases, id);
    if (expiresAt !== undefined) expiries.set(id, expiresAt);
  }
  return { key, record, leases: expiries };
};

export const loadUser = (users: Users, key: Key): Loaded => {
  const entry = entryOf(users, key);
  return entry ? loadEntry(users, entry) : { key, record: null, leases: NO_LEASES };
};

/** Why a write may not be made; `null` when it may. */
export const refusalOf = (users: Users, write: Write): Refusal | null => {
  const { leases } = users;
  const entry = entryOf(users, write.key);
  if ((entry?.record.revision ?? 0) !== write.base) return 'conflict';
  if (write.validUntil !== null && leases.now >= write.validUntil) return 'late';
  const held = entry?.holds ?? NO_HOLDS;
  const isLost = (id: LeaseId): boolean =>
    isSharedLease(id) && !held.includes(id) && hasEnded(leases, id);
  return write.holds.some(isLost) ? 'lease-lost' : null;
};

/** Moves an entry from its group to those that the index cannot judge. */
const becomeOverdue = ({ listing, overdue }: Users, entry: Entry): void => {
  if (entry.overduePlace >= 0) return;
  listing.remove(entry);
  overdue.add(entry);
  listing.add(entry);
};

/** Time has come to `at`. */
export const advanceTo = (users: Users, at: Instant): void =>
  endLeases(users.leases, at, (entry) => becomeOverdue(users, entry));

const removeUser = ({ listing, overdue, leases, tenants }: Users, entry: Entry): void => {
  listing.remove(entry);
  overdue.remove(entry);
  holdAnew(leases, entry, { holds: NO_HOLDS, solo: '', grant: [] });
  setDeadline(leases, entry, null);
  const users = tenants.get(entry.key.tenant);
  users?.delete(entry.key.userId);
  if (users?.size === 0) tenants.delete(entry.key.tenant);
};

const createUser = ({ tenants }: Users, key: Key, record: PresenceRecord): Entry => {
  const users = tenants.get(key.tenant) ?? new Map<string, Entry>();
  const entry = createEntry(key, record);
  tenants.set(key.tenant, users);
  users.set(key.userId, entry);
  return entry;
};

/** Makes a write true. */
export const putUser = (users: Users, write: Write): void => {
  const { leases, listing, overdue } = users;
  const { key, record } = write;
  const before = entryOf(users, key);
  if (record === null) {
    if (before) removeUser(users, before);
    return;
  }
  const entry = before ?? createUser(users, key, record);
  const stays = before !== undefined && staysInPlace(entry, write);
  if (!stays) {
    listing.remove(entry);
    overdue.remove(entry);
  }
  entry.record = record;
  holdAnew(leases, entry, write);
  setDeadline(leases, entry, write.deadline);
  entry.status = write.status;
  entry.scopes = write.scopes;
  if (!stays) listing.add(entry);
  // Its group tells of the end of the lease on which it hangs alone, and of no other.
  if (entry.holds.some((id) => id !== entry.solo && hasEnded(leases, id))) {
    becomeOverdue(users, entry);
  }
};

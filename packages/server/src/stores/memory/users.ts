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
import { createLeases, type Leases } from './leases.ts';
import { createListing, type Listing } from './listing.ts';
import { createOverdue, type Overdue } from './overdue.ts';

type Refusal = Extract<Committed, { ok: false }>['reason'];

/** The stored users, with the leases, lists and deadlines that follow from what was committed. */
export interface Users {
  readonly leases: Leases;
  readonly listing: Listing;
  readonly overdue: Overdue;
  load(key: Key): Loaded;
  loadEntry(entry: Entry): Loaded;
  /** Why a write may not be made; `null` when it may. */
  refusal(write: Write, at: Instant): Refusal | null;
  put(write: Write, at: Instant): void;
}

const NO_LEASES: ReadonlyMap<LeaseId, Instant> = new Map();
const NO_HOLDS: readonly LeaseId[] = Object.freeze([]);

const sameItems = (a: readonly string[], b: readonly string[]): boolean =>
  a === b || (a.length === b.length && a.every((item, index) => item === b[index]));

const staysInPlace = (entry: Entry, write: Write): boolean =>
  entry.overduePlace < 0 &&
  entry.status === write.status &&
  entry.solo === write.solo &&
  sameItems(entry.scopes, write.scopes);

export const createUsers = (startAt: Instant): Users => {
  const tenants = new Map<string, Map<string, Entry>>();

  const becomeOverdue = (entry: Entry): void => {
    if (entry.overduePlace >= 0) return;
    listing.remove(entry);
    overdue.add(entry);
    listing.add(entry);
  };

  const leases = createLeases(startAt, becomeOverdue);
  const listing = createListing(leases.hasEnded);
  const overdue = createOverdue(leases.ended);

  const entryOf = ({ tenant, userId }: Key): Entry | undefined => tenants.get(tenant)?.get(userId);

  const loadEntry = ({ key, record, holds }: Entry): Loaded => {
    if (holds.length === 0) return { key, record, leases: NO_LEASES };
    const expiries = new Map<LeaseId, Instant>();
    for (const id of holds) {
      const expiresAt = leases.expiryOf(id);
      if (expiresAt !== undefined) expiries.set(id, expiresAt);
    }
    return { key, record, leases: expiries };
  };

  const load = (key: Key): Loaded => {
    const entry = entryOf(key);
    return entry ? loadEntry(entry) : { key, record: null, leases: NO_LEASES };
  };

  const refusal = (write: Write, at: Instant): Refusal | null => {
    const entry = entryOf(write.key);
    if ((entry?.record.revision ?? 0) !== write.base) return 'conflict';
    if (write.validUntil !== null && at >= write.validUntil) return 'late';
    const held = entry?.holds ?? NO_HOLDS;
    const lost = write.holds.some(
      (id) => isSharedLease(id) && !held.includes(id) && leases.hasEnded(id),
    );
    return lost ? 'lease-lost' : null;
  };

  const remove = (entry: Entry): void => {
    listing.remove(entry);
    overdue.remove(entry);
    leases.hold(entry, NO_HOLDS, '', [], 0);
    leases.setDeadline(entry, null);
    const users = tenants.get(entry.key.tenant);
    users?.delete(entry.key.userId);
    if (users?.size === 0) tenants.delete(entry.key.tenant);
  };

  const create = (key: Key, record: PresenceRecord): Entry => {
    const users = tenants.get(key.tenant) ?? new Map<string, Entry>();
    const entry = createEntry(key, record);
    tenants.set(key.tenant, users);
    users.set(key.userId, entry);
    return entry;
  };

  /** A lease that it holds has ended, and its group does not tell. */
  const hasEndedHold = ({ holds, solo }: Entry): boolean =>
    holds.some((id) => id !== solo && leases.hasEnded(id));

  const put = (write: Write, at: Instant): void => {
    const { key, record } = write;
    const before = entryOf(key);
    if (record === null) {
      if (before) remove(before);
      return;
    }
    const entry = before ?? create(key, record);
    const stays = before !== undefined && staysInPlace(entry, write);
    if (!stays) {
      listing.remove(entry);
      overdue.remove(entry);
    }
    entry.record = record;
    leases.hold(entry, write.holds, write.solo, write.grant, at);
    leases.setDeadline(entry, write.deadline);
    entry.status = write.status;
    entry.scopes = write.scopes;
    if (!stays) listing.add(entry);
    if (hasEndedHold(entry)) becomeOverdue(entry);
  };

  return { leases, listing, overdue, load, loadEntry, refusal, put };
};

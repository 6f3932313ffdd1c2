import {
  isSharedLease,
  PresenceError,
  type Clock,
  type Instant,
  type LeaseId,
  type Loaded,
  type Random,
  type Write,
} from '@presence/core';
import {
  OVERDUE_LIMIT,
  PULSE_OLD_MS,
  type Committed,
  type LostLease,
  type PresenceStore,
} from '../store.ts';
import { systemClock } from '../../system-clock.ts';
import { createChannels, type Channels } from './channels.ts';
import type { Entry } from './entry.ts';
import { holdersOf, pardonLeases, renewLease } from './leases.ts';
import {
  advanceTo,
  createUsers,
  loadEntry,
  loadUser,
  putUser,
  refusalOf,
  type Users,
} from './users.ts';

export interface MemoryStoreOptions {
  /** The only clock that judges a lease. Default: the machine's. */
  readonly clock?: Clock | undefined;
  /** Names the epoch. Default: it is named after the instant of construction. */
  readonly random?: Random | undefined;
}

// Made once: almost every renewal is of one own lease that lives.
const NONE_LOST: readonly LostLease[] = Object.freeze([]);
const NONE_HELD: ReadonlyMap<LeaseId, number> = new Map();

interface Parts {
  readonly users: Users;
  readonly epoch: string;
  enter(): Instant;
}

const readsOf = ({
  users,
  epoch,
  enter,
}: Parts): Pick<PresenceStore, 'load' | 'due' | 'find' | 'count'> => {
  const loadAll = (entries: readonly Entry[]): readonly Loaded[] =>
    entries.map((entry) => loadEntry(users, entry));
  return {
    load: (keys) => {
      const at = enter();
      return { at, epoch, items: keys.map((key) => loadUser(users, key)) };
    },
    due: async (limit, spread) => {
      const at = enter();
      const { entries, more } = users.overdue.page(limit, spread);
      const nextAt = more ? at : users.leases.timers.nextAt();
      return { at, items: loadAll(entries), more, nextAt };
    },
    find: async (query) => {
      const at = enter();
      const { items, overdue, end, more } = users.listing.page(query);
      return { at, items: loadAll(items), overdue: loadAll(overdue), end, more };
    },
    count: async ({ tenant, scope }) => {
      const at = enter();
      const { byStatus, overdue, more } = users.listing.tally(tenant, scope, OVERDUE_LIMIT);
      return { at, byStatus, overdue: loadAll(overdue), more };
    },
  };
};

const writesOf = ({
  users,
  epoch,
  enter,
  channels,
}: Parts & { readonly channels: Channels }): Pick<PresenceStore, 'commit' | 'renew'> => {
  const commitOne = (write: Write, at: Instant): Committed => {
    const { key, record, steps } = write;
    const reason = refusalOf(users, write);
    if (reason !== null) return { ok: false, reason, current: loadUser(users, key) };
    putUser(users, write);
    if (channels.hasSubscribers(key.tenant)) {
      const { leases } = loadUser(users, key);
      channels.change(key.tenant, { key, record, leases, steps, at });
    }
    return { ok: true };
  };
  return {
    commit: async (writes) => {
      const at = enter();
      return { at, results: writes.map((write) => commitOne(write, at)) };
    },
    renew: (renewed, validUntil) => {
      const at = enter();
      let lost = NONE_LOST;
      let held = NONE_HELD;
      const isLate = validUntil !== null && at >= validUntil;
      for (const lease of renewed) {
        const { id } = lease;
        if (isLate || !renewLease(users.leases, lease)) lost = [...lost, { id }];
        else if (isSharedLease(id)) held = new Map(held).set(id, holdersOf(users.leases, id));
      }
      return { at, epoch, lost, held };
    },
  };
};

const closed = (): PresenceError =>
  new PresenceError(
    'store_unavailable',
    '[presence/memory] The store is closed: it was called after close(). Close the engine before its store.',
  );

/**
 * Everything in this process: no infrastructure, one node, and a restart forgets. Records are held,
 * not copied: they must not be changed after they were committed.
 */
export const memoryStore = ({
  clock = systemClock,
  random,
}: MemoryStoreOptions = {}): PresenceStore => {
  const startAt = clock.now();
  const epoch = random?.id() ?? `memory-${startAt.toString(36)}`;
  const users = createUsers(startAt);
  const channels = createChannels();
  let aliveAt = startAt;
  let isClosed = false;

  /** Each call comes through here: the store's clock never goes back, and what ended by now has ended. */
  const enter = (): Instant => {
    if (isClosed) throw closed();
    const at = Math.max(aliveAt, clock.now());
    if (at - aliveAt > PULSE_OLD_MS) pardonLeases(users.leases, aliveAt, at);
    aliveAt = at;
    advanceTo(users, at);
    return at;
  };

  return {
    durability: 'volatile',
    isLocal: true,
    renewsByRevision: true,
    ...readsOf({ users, epoch, enter }),
    ...writesOf({ users, epoch, enter, channels }),
    subscribe: async (topics, on) => {
      enter();
      return channels.subscribe(topics, on);
    },
    signal: async (topic, message) => {
      enter();
      channels.signal(topic, message);
    },
    close: async () => {
      isClosed = true;
      channels.close();
    },
  };
};

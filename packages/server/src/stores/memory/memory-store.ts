import {
  isSharedLease,
  PresenceError,
  type Clock,
  type Instant,
  type LeaseId,
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
import { createChannels } from './channels.ts';
import { createUsers } from './users.ts';

export interface MemoryStoreOptions {
  /** The only clock that judges a lease. Default: the machine's. */
  readonly clock?: Clock | undefined;
  /** Names the epoch. Default: it is named after the instant of construction. */
  readonly random?: Random | undefined;
}

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
  const { leases } = users;
  let aliveAt = startAt;
  let isClosed = false;

  /** Each call comes through here: the store's clock never goes back, and what ended by now has ended. */
  const enter = (): Instant => {
    if (isClosed) throw closed();
    const at = Math.max(aliveAt, clock.now());
    if (at - aliveAt > PULSE_OLD_MS) leases.pardon(aliveAt, at);
    aliveAt = at;
    leases.advance(at);
    return at;
  };

  const commitOne = (write: Write, at: Instant): Committed => {
    const reason = users.refusal(write, at);
    if (reason !== null) return { ok: false, reason, current: users.load(write.key) };
    users.put(write, at);
    const { key, record, steps } = write;
    if (channels.hasSubscribers(key.tenant)) {
      const { leases } = users.load(key);
      channels.change(key.tenant, { key, record, leases, steps, at });
    }
    return { ok: true };
  };

  return {
    durability: 'volatile',
    isLocal: true,
    load: async (keys) => ({ at: enter(), epoch, items: keys.map(users.load) }),
    commit: async (writes) => {
      const at = enter();
      return { at, results: writes.map((write) => commitOne(write, at)) };
    },
    renew: async (renewed, validUntil) => {
      const at = enter();
      const lost: LostLease[] = [];
      const held = new Map<LeaseId, number>();
      const isLate = validUntil !== null && at >= validUntil;
      for (const lease of renewed) {
        if (isLate || !leases.renew(lease, at)) lost.push({ id: lease.id });
        else if (isSharedLease(lease.id)) held.set(lease.id, leases.holdersOf(lease.id));
      }
      return { at, epoch, lost, held };
    },
    due: async (limit, spread) => {
      const at = enter();
      const { entries, more } = users.overdue.page(limit, spread);
      const nextAt = more ? at : leases.nextAt();
      return { at, items: entries.map(users.loadEntry), more, nextAt };
    },
    find: async (query) => {
      const at = enter();
      const { items, overdue, end, more } = users.listing.page(query);
      return {
        at,
        items: items.map(users.loadEntry),
        overdue: overdue.map(users.loadEntry),
        end,
        more,
      };
    },
    count: async ({ tenant, scope }) => {
      const at = enter();
      const { byStatus, overdue, more } = users.listing.tally(tenant, scope, OVERDUE_LIMIT);
      return { at, byStatus, overdue: overdue.map(users.loadEntry), more };
    },
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

import type { Instant, LeaseId, Loaded } from '@presence/core';
import type { VirtualClock } from '@presence/core/testing';
import { memoryStore } from '../../stores/memory/memory-store.ts';
import type { PresenceStore, StoreChange } from '../../stores/store.ts';
import type { Subject } from '../suite/stage.ts';

/** The memory store with some of its verbs put wrong. */
export const wrongStore = (
  put: (right: PresenceStore, clock: VirtualClock) => Partial<PresenceStore>,
): Subject => ({
  create: async (clock) => {
    const right = memoryStore({ clock });
    return { store: { ...right, ...put(right, clock) } };
  },
});

type ExpiryOf = (id: LeaseId, expiresAt: Instant) => Instant | undefined;

const told = (loaded: Loaded, expiryOf: ExpiryOf): Loaded => {
  const leases = new Map<LeaseId, Instant>();
  for (const [id, right] of loaded.leases) {
    const expiresAt = expiryOf(id, right);
    if (expiresAt !== undefined) leases.set(id, expiresAt);
  }
  return { ...loaded, leases };
};

/** The same store, telling other expiries. */
export const tellingExpiries = (
  right: PresenceStore,
  expiryOf: ExpiryOf,
): Pick<PresenceStore, 'load' | 'due' | 'find' | 'count'> => {
  const all = (items: readonly Loaded[]): Loaded[] => items.map((item) => told(item, expiryOf));
  return {
    load: async (keys) => {
      const answer = await right.load(keys);
      return { ...answer, items: all(answer.items) };
    },
    due: async (limit, spread) => {
      const answer = await right.due(limit, spread);
      return { ...answer, items: all(answer.items) };
    },
    find: async (query) => {
      const answer = await right.find(query);
      return { ...answer, items: all(answer.items), overdue: all(answer.overdue) };
    },
    count: async (scope) => {
      const answer = await right.count(scope);
      return { ...answer, overdue: all(answer.overdue) };
    },
  };
};

/** The same store, sending other changes. */
export const sending = (
  right: PresenceStore,
  changed: (change: StoreChange) => StoreChange,
): Pick<PresenceStore, 'subscribe'> => ({
  subscribe: (topics, on) =>
    right.subscribe(topics, {
      change: (change) => on.change(changed(change)),
      signal: (signal) => on.signal(signal),
      gap: (topic) => on.gap(topic),
    }),
});

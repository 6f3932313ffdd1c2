import { createSeededRandom, type VirtualClock } from '@presence/core/testing';
import { memoryStore } from '../stores/memory/memory-store.ts';
import type { PresenceStore, Subscriber } from '../stores/store.ts';

/** The memory store, losing everything when told to, as a server that comes back empty. */
export interface LosingStore extends PresenceStore {
  /** @param isTold subscribers are told that messages were lost; a server that lost them cannot tell */
  lose(isTold?: boolean): void;
}

interface Subscription {
  readonly topics: readonly string[];
  readonly on: Subscriber;
}

export const losingStore = (clock: VirtualClock): LosingStore => {
  let losses = 0;
  const empty = (): PresenceStore => memoryStore({ clock, random: createSeededRandom(losses) });
  let store = empty();
  const subscriptions = new Set<Subscription>();

  return {
    durability: 'volatile',
    load: (keys) => store.load(keys),
    commit: (writes) => store.commit(writes),
    renew: (leases, validUntil) => store.renew(leases, validUntil),
    due: (limit, spread) => store.due(limit, spread),
    find: (query) => store.find(query),
    count: (scope) => store.count(scope),
    subscribe: async (topics, on) => {
      const subscription = { topics, on };
      subscriptions.add(subscription);
      await store.subscribe(topics, on);
      return async () => void subscriptions.delete(subscription);
    },
    signal: (topic, message) => store.signal(topic, message),
    close: () => store.close(),
    lose: (isTold = true) => {
      losses += 1;
      store = empty();
      for (const { topics, on } of subscriptions) {
        void store.subscribe(topics, on);
        if (isTold) for (const topic of topics) on.gap(topic);
      }
    },
  };
};

import { unavailable } from '../engine/store-calls.ts';
import type { PresenceStore, Subscriber } from '../stores/store.ts';

/** A store as one node sees it, which can be cut off from it. */
export interface CutStore extends PresenceStore {
  /** From now on nothing is answered, and nothing told. */
  cut(): void;
  /** Everything gets through again, and subscribers know that they missed something. */
  heal(): void;
}

export const cutStore = (store: PresenceStore): CutStore => {
  let isCut = false;
  const subscribers = new Map<Subscriber, readonly string[]>();
  const through = <Answer>(call: () => Answer): Answer => {
    if (isCut) throw unavailable(new Error('cut off'));
    return call();
  };

  return {
    durability: store.durability,
    load: async (keys) => through(() => store.load(keys)),
    commit: async (writes) => through(() => store.commit(writes)),
    renew: async (leases, validUntil) => through(() => store.renew(leases, validUntil)),
    due: async (limit, spread) => through(() => store.due(limit, spread)),
    find: async (query) => through(() => store.find(query)),
    count: async (scope) => through(() => store.count(scope)),
    subscribe: async (topics, on) => {
      subscribers.set(on, topics);
      const stop = await store.subscribe(topics, {
        change: (change) => isCut || on.change(change),
        signal: (signal) => isCut || on.signal(signal),
        gap: (topic) => isCut || on.gap(topic),
      });
      return async () => {
        subscribers.delete(on);
        await stop();
      };
    },
    signal: async (topic, message) => through(() => store.signal(topic, message)),
    close: () => store.close(),
    cut: () => {
      isCut = true;
    },
    heal: () => {
      isCut = false;
      for (const [on, topics] of subscribers) for (const topic of topics) on.gap(topic);
    },
  };
};

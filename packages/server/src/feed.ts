import type { Cancel } from '@presence/core';
import type { PresenceStore, Unsubscribe } from './stores/store.ts';
import type { Logger, RecordChange } from './types.ts';

interface FeedListener {
  change(change: RecordChange): void;
  /** Messages were lost: read again what you hold. */
  gap(): void;
  /** A volatile message of any kind; the listener knows its own. */
  signal?(message: unknown): void;
}

/** Changes of the tenants that somebody on this node listens to, whichever node committed them. */
export interface Feed {
  /**
   * Calls back for every commit of the tenant, also of this node's own, in the order in which they
   * became visible. Changes that time alone brings arrive with the reaper's commit.
   */
  listen(tenant: string, listener: FeedListener): Promise<Cancel>;
  /** Has every listener read again what it holds: more changed at once than messages tell in time. */
  reread(): void;
  close(): Promise<void>;
}

interface Topic {
  readonly listeners: Set<FeedListener>;
  readonly live: Promise<Unsubscribe>;
}

/** One subscription of the store for each tenant with listeners here. */
export const createFeed = (store: PresenceStore, logger: Logger): Feed => {
  const topics = new Map<string, Topic>();

  const open = (tenant: string): Topic => {
    const listeners = new Set<FeedListener>();
    const live = store.subscribe([tenant], {
      change: ({ key, record, at }) => {
        for (const listener of listeners) listener.change({ key, record, at });
      },
      signal: ({ message }) => {
        for (const listener of listeners) listener.signal?.(message);
      },
      gap: () => {
        for (const listener of listeners) listener.gap();
      },
    });
    const topic = { listeners, live };
    topics.set(tenant, topic);
    live.catch(() => topics.delete(tenant));
    return topic;
  };

  const shut = async (tenant: string, topic: Topic): Promise<void> => {
    if (topics.get(tenant) === topic) topics.delete(tenant);
    try {
      const unsubscribe = await topic.live;
      await unsubscribe();
    } catch (error) {
      logger.warn({ err: error, tenant }, '[presence/feed] A subscription did not end cleanly.');
    }
  };

  return {
    listen: async (tenant, listener) => {
      const topic = topics.get(tenant) ?? open(tenant);
      topic.listeners.add(listener);
      await topic.live;
      return () => {
        if (topic.listeners.delete(listener) && topic.listeners.size === 0)
          void shut(tenant, topic);
      };
    },
    reread: () => {
      for (const { listeners } of topics.values()) {
        for (const listener of listeners) listener.gap();
      }
    },
    close: async () => {
      await Promise.all([...topics].map(([tenant, topic]) => shut(tenant, topic)));
    },
  };
};

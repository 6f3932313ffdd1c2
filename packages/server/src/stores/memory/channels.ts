import type { StoreChange, Subscriber, Unsubscribe } from '../store.ts';

/** Messages of each topic, numbered, in order, after whoever caused them has gone on. */
export interface Channels {
  hasSubscribers(topic: string): boolean;
  change(topic: string, change: Omit<StoreChange, 'seq'>): void;
  signal(topic: string, message: unknown): void;
  subscribe(topics: readonly string[], on: Subscriber): Unsubscribe;
  close(): void;
}

interface Channel {
  seq: number;
  readonly subscribers: Set<Subscriber>;
}

export const createChannels = (): Channels => {
  /** A channel without subscribers is forgotten: nobody is there to see its numbers start anew. */
  const channels = new Map<string, Channel>();

  // A task for each message: a subscriber that throws is heard of, and keeps nothing from the others.
  const send = ({ subscribers }: Channel, to: (subscriber: Subscriber) => void): void => {
    for (const subscriber of subscribers) {
      queueMicrotask(() => {
        if (subscribers.has(subscriber)) to(subscriber);
      });
    }
  };

  return {
    hasSubscribers: (topic) => channels.has(topic),
    change: (topic, change) => {
      const channel = channels.get(topic);
      if (!channel) return;
      channel.seq += 1;
      const message: StoreChange = { ...change, seq: channel.seq };
      send(channel, (subscriber) => subscriber.change(message));
    },
    signal: (topic, message) => {
      const channel = channels.get(topic);
      if (channel) send(channel, (subscriber) => subscriber.signal({ topic, message }));
    },
    subscribe: (topics, on) => {
      // A subscriber of its own for each call, so that the same object may subscribe twice.
      const subscriber: Subscriber = {
        change: (change) => on.change(change),
        signal: (signal) => on.signal(signal),
        gap: (topic) => on.gap(topic),
      };
      for (const topic of topics) {
        const channel = channels.get(topic) ?? { seq: 0, subscribers: new Set() };
        channels.set(topic, channel);
        channel.subscribers.add(subscriber);
      }
      return async () => {
        for (const topic of topics) {
          const channel = channels.get(topic);
          channel?.subscribers.delete(subscriber);
          if (channel?.subscribers.size === 0) channels.delete(topic);
        }
      };
    },
    close: () => {
      for (const { subscribers } of channels.values()) subscribers.clear();
      channels.clear();
    },
  };
};

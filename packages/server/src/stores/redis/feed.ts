import type { Clock } from '@presence/core';
import type { Logger } from '../../types.ts';
import type { PresenceStore, Subscriber } from '../store.ts';
import type { Connection } from './client.ts';
import type { Deadline } from '../shared/deadline.ts';
import type { Epochs } from './epochs.ts';
import { unavailable } from './failures.ts';
import { createHealing } from './healing.ts';
import { createLine, type Line } from './line.ts';
import { createNumbers } from './numbers.ts';
import type { Partitions } from './partitions.ts';
import { beginAt, createTopic, tellGap, type Channel, type Topic } from './topics.ts';

/** The messages of every node, for whoever subscribes in this process. */
export interface Feed extends Pick<PresenceStore, 'subscribe'> {
  /** A partition lost its data: whatever was told of it may not be so any more. */
  lost(partition: number): void;
  close(): void;
}

interface FeedParts {
  /** Opens a connection for messages. */
  open(): Connection;
  readonly partitions: Partitions;
  readonly epochs: Epochs;
  readonly deadline: Deadline;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly isSharded: boolean;
  readonly probeMs: number;
}

/** Which tenants are listened to: one topic each, however many subscribe. */
const createTopics = (
  partitions: Partitions,
  line: () => Line,
  makeLive: (topic: Topic) => Promise<void>,
) => {
  const topics = new Map<string, Topic>();
  const channels = new Map<string, Channel>();

  const open = (tenant: string): Topic => {
    const places = partitions
      .ofTenant(tenant)
      .map((partition) => ({ partition, name: partitions.channel(partition, tenant) }));
    const topic = createTopic(tenant, places);
    topics.set(tenant, topic);
    for (const channel of topic.channels) channels.set(channel.name, channel);
    topic.live = makeLive(topic);
    return topic;
  };

  const drop = async (topic: Topic): Promise<void> => {
    if (topics.get(topic.tenant) !== topic) return;
    topics.delete(topic.tenant);
    for (const { name } of topic.channels) channels.delete(name);
    await line().unsubscribe(topic.channels.map(({ name }) => name));
  };

  return {
    topics,
    channels,
    join: (tenant: string, subscriber: Subscriber): Topic => {
      const topic = topics.get(tenant) ?? open(tenant);
      topic.subscribers.add(subscriber);
      return topic;
    },
    leave: async (topic: Topic, subscriber: Subscriber): Promise<void> => {
      topic.subscribers.delete(subscriber);
      if (topic.subscribers.size === 0) await drop(topic);
    },
  };
};

export const createFeed = (parts: FeedParts): Feed => {
  const { partitions } = parts;
  const numbers = createNumbers(parts.epochs);
  const all = createTopics(
    partitions,
    () => line,
    async ({ channels }) => {
      await line.subscribe(channels.map(({ name }) => name));
      await numbers(channels, beginAt);
    },
  );
  const { topics, channels, join, leave } = all;
  const healing = createHealing({ ...parts, channels, numbers, line: () => line });
  const line = createLine({ ...parts, channels, onBack: healing.restart });

  const subscribe: Feed['subscribe'] = async (tenants, on) => {
    // A subscriber of its own for each call, so that the same object may subscribe twice.
    const subscriber: Subscriber = {
      change: (change) => on.change(change),
      signal: (signal) => on.signal(signal),
      gap: (topic) => on.gap(topic),
    };
    const joined = [...new Set(tenants)].map((tenant) => join(tenant, subscriber));
    const leaveAll = () => Promise.all(joined.map((topic) => leave(topic, subscriber)));
    healing.start();
    try {
      await Promise.all(joined.map(({ live }) => live));
    } catch (error) {
      await leaveAll().catch(() => undefined);
      throw unavailable(error);
    }
    return async () => void (await leaveAll());
  };

  return {
    subscribe,
    lost: (partition) => {
      for (const topic of topics.values()) {
        if (topic.channels.some((channel) => channel.partition === partition)) tellGap(topic);
      }
    },
    close: () => {
      healing.stop();
      for (const { subscribers } of topics.values()) subscribers.clear();
      topics.clear();
      channels.clear();
      line.close();
    },
  };
};

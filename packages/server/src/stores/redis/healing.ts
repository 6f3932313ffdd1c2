import type { Cancel, Clock } from '@presence/core';
import type { Logger } from '../../types.ts';
import type { Line } from './line.ts';
import type { Numbers } from './numbers.ts';
import { beginAt, compare, tellGap, type Channel, type Topic } from './topics.ts';

interface HealingParts {
  readonly channels: ReadonlyMap<string, Channel>;
  readonly numbers: Numbers;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly probeMs: number;
  line(): Line;
}

/** Finds what was lost on the way, and begins anew. */
export interface Healing {
  start(): void;
  /** Whatever was sent meanwhile is unknown: subscribes again, and has everybody take a snapshot. */
  restart(): void;
  stop(): void;
}

const topicsOf = (channels: Iterable<Channel>): Set<Topic> => {
  const topics = new Set<Topic>();
  for (const { topic } of channels) topics.add(topic);
  return topics;
};

/** One of each partition: on a cluster each may hang on another server. */
const someOf = (channels: Iterable<Channel>): string[] => {
  const names = new Map<number, string>();
  for (const { partition, name } of channels) names.set(partition, name);
  return [...names.values()];
};

export const createHealing = (parts: HealingParts): Healing => {
  const { channels, numbers, clock, logger, probeMs, line } = parts;
  let probing: Cancel | null = null;
  let isBroken = false;

  const again = async (): Promise<void> => {
    const all = [...channels.values()];
    for (const channel of all) channel.last = null;
    await line().subscribe(all.map(({ name }) => name));
    await numbers(all, beginAt);
    for (const topic of topicsOf(all)) tellGap(topic);
  };

  const attempt = async (work: () => Promise<void>): Promise<void> => {
    try {
      await work();
    } catch (error) {
      isBroken = true;
      logger.warn({ err: error }, '[presence/redis] Listening failed; the next probe tries again.');
    }
  };

  const probe = async (): Promise<void> => {
    if (isBroken) {
      isBroken = false;
      line().close();
      return again();
    }
    // Changes nothing, and is answered where anybody hears: a link that is cut shows while nobody sends as well.
    const hearing = line()
      .subscribe(someOf(channels.values()))
      .then(
        () => true,
        () => false,
      );
    const deaf = new Set<Topic>();
    const asked = new Map([...channels.values()].map((channel) => [channel, channel.last]));
    await numbers(channels.values(), (channel, sent) => {
      if (compare(channel, sent, asked.get(channel) ?? null)) deaf.add(channel.topic);
    });
    if (deaf.size === 0 && (await hearing)) return;
    // Nobody listens any more, perhaps because the store was closed: another line is opened when it is wanted.
    if (channels.size === 0) return;
    logger.warn({ topics: deaf.size }, '[presence/redis] Messages were lost; subscribing again.');
    line().close();
    await again();
  };

  return {
    start: () => {
      probing ??= clock.every(probeMs, () => {
        if (channels.size > 0) void attempt(probe);
      });
    },
    restart: () => void attempt(again),
    stop: () => {
      probing?.();
      probing = null;
    },
  };
};

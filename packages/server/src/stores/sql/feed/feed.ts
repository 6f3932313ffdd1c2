import type { Cancel } from '@presence/core';
import { sql } from 'kysely';
import type { PresenceStore, Subscriber } from '../../store.ts';
import type { Parts } from '../parts.ts';
import type { Ready } from '../ready.ts';
import { readMeta } from '../ready.ts';
import { inPieces } from '../../shared/pieces.ts';
import { createListening, type ListenPool } from './listening.ts';
import { decodeMessage, type MessageRow } from './messages.ts';
import { deliver, tellGap, type Topic } from './topics.ts';

/** Messages read in one statement, and tenants asked for in one. */
const MOST = 500;

export interface Feed extends Pick<PresenceStore, 'subscribe'> {
  /** There may be messages: looks at once, or once more when it is looking already. */
  hint(): void;
  close(): void;
}

/** How far the feed of each of these tenants has come; 0 for none. */
const createNumbers =
  ({ db, dialect, tables }: Parts) =>
  async (topics: readonly Topic[]): Promise<ReadonlyMap<Topic, number>> => {
    const numbers = new Map<Topic, number>();
    for (const piece of inPieces(topics, MOST)) {
      const names = piece.map(({ name }) => [name]);
      const { rows } = await sql<{ tenant: string; seq: unknown }>`select tenant, seq
        from ${tables.feed.name} where ${dialect.among(['tenant'], names)}`.execute(db);
      const known = new Map(rows.map(({ tenant, seq }) => [tenant, Number(seq)]));
      for (const topic of piece) numbers.set(topic, known.get(topic.name) ?? 0);
    }
    return numbers;
  };

/** Reads what a topic has not heard yet. A hole in the numbers was trimmed before anybody read it here. */
const createCatchUp =
  ({ db, tables, texts }: Parts) =>
  async (topic: Topic, to: number): Promise<void> => {
    while (topic.last !== null && topic.last < to) {
      const { rows } =
        await sql<MessageRow>`select seq, user_id, at, data from ${tables.change.name}
        where tenant = ${topic.name} and seq > ${topic.last} order by seq limit ${MOST}`.execute(
          db,
        );
      if (rows.length === 0) {
        topic.last = to;
        tellGap(topic);
      }
      for (const row of rows) deliver(topic, decodeMessage(row, topic.tenant, texts.out));
    }
  };

/** Runs `look`, never twice at once, and again where it was asked for meanwhile. */
const createLooking = (look: () => Promise<void>, onFailure: (error: unknown) => void) => {
  let isLooking = false;
  let isAsked = false;
  const run = async (): Promise<void> => {
    isLooking = true;
    try {
      while (isAsked) {
        isAsked = false;
        await look();
      }
    } catch (error) {
      onFailure(error);
    } finally {
      isLooking = false;
    }
  };
  return (): void => {
    isAsked = true;
    if (!isLooking) void run();
  };
};

const createTopics = ({ texts }: Parts, makeLive: (topic: Topic) => Promise<void>) => {
  const topics = new Map<string, Topic>();

  const open = (tenant: string): Topic => {
    const topic: Topic = {
      tenant,
      name: texts.in(tenant),
      subscribers: new Set(),
      live: Promise.resolve(),
      last: null,
      seq: 0,
    };
    topics.set(tenant, topic);
    topic.live = makeLive(topic);
    return topic;
  };

  return {
    topics,
    join: (tenant: string, subscriber: Subscriber): Topic => {
      const topic = topics.get(tenant) ?? open(tenant);
      topic.subscribers.add(subscriber);
      return topic;
    },
    leave: (topic: Topic, subscriber: Subscriber): void => {
      topic.subscribers.delete(subscriber);
      if (topic.subscribers.size === 0 && topics.get(topic.tenant) === topic) {
        topics.delete(topic.tenant);
      }
    },
  };
};

/** Tells every live topic what it has not heard yet. */
const createLook = (
  parts: Parts,
  numbers: ReturnType<typeof createNumbers>,
  topics: ReadonlyMap<string, Topic>,
) => {
  const catchUp = createCatchUp(parts);
  const look = async (): Promise<void> => {
    const live = [...topics.values()].filter(({ last }) => last !== null);
    for (const [topic, number] of await numbers(live)) {
      if (topic.last !== null && number < topic.last) {
        // The database lost its data, or another one answers.
        topic.last = number;
        tellGap(topic);
      }
      await catchUp(topic, number);
    }
  };
  return createLooking(look, (error) =>
    parts.logger.warn(
      { err: error },
      '[presence/sql] Reading the feed failed; the next poll tries again.',
    ),
  );
};

/**
 * @param pollMs how often the database is asked, hinted or not
 * @param pool hears hints on a connection of its own
 */
export const createFeed = (
  parts: Parts,
  ready: Ready,
  pollMs: number,
  pool: ListenPool | null,
): Feed => {
  const { db, attempts } = parts;
  const numbers = createNumbers(parts);
  let isClosed = false;
  let stopHearing: Cancel | null = null;

  const makeLive = async (topic: Topic): Promise<void> => {
    await attempts(async () => {
      await ready.ask(() => readMeta(parts, db));
      topic.last = (await numbers([topic])).get(topic)!;
    });
  };
  const { topics, join, leave } = createTopics(parts, makeLive);

  const ask = createLook(parts, numbers, topics);
  const hint = (): void => {
    if (topics.size > 0) ask();
  };

  const hear = (): Cancel => {
    const stopPolling = parts.clock.every(pollMs, hint);
    const stopListening = pool && createListening(parts, pool, hint);
    return () => {
      stopPolling();
      stopListening?.();
    };
  };

  return {
    hint,
    subscribe: async (tenants, on) => {
      // A subscriber of its own for each call, so that the same object may subscribe twice.
      const subscriber: Subscriber = {
        change: (change) => on.change(change),
        signal: (signal) => on.signal(signal),
        gap: (topic) => on.gap(topic),
      };
      const joined = [...new Set(tenants)].map((tenant) => join(tenant, subscriber));
      const leaveAll = (): void => joined.forEach((topic) => leave(topic, subscriber));
      if (!isClosed) stopHearing ??= hear();
      try {
        await Promise.all(joined.map(({ live }) => live));
      } catch (error) {
        leaveAll();
        throw error;
      }
      return async () => leaveAll();
    },
    close: () => {
      isClosed = true;
      stopHearing?.();
      for (const { subscribers } of topics.values()) subscribers.clear();
      topics.clear();
    },
  };
};

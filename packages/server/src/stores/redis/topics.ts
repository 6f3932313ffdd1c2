import type { Subscriber } from '../store.ts';
import type { Message, NumberedChange } from './messages.ts';

/** One channel of a tenant in one partition, as far as this process heard of it. */
export interface Channel {
  readonly name: string;
  readonly partition: number;
  readonly topic: Topic;
  /** The number of the last message; `null` while not live. */
  last: number | null;
  /** Up to this number messages may have been on their way when the channel became live. */
  begun: number;
  /** What the server had sent at the last probe. */
  probed: number;
}

/** A tenant with subscribers here. */
export interface Topic {
  readonly tenant: string;
  readonly channels: readonly Channel[];
  readonly subscribers: Set<Subscriber>;
  /** Resolves when every channel is live. */
  live: Promise<void>;
  /** Of the last change told; contiguous over all channels. */
  seq: number;
}

export const createTopic = (
  tenant: string,
  places: readonly { readonly name: string; readonly partition: number }[],
): Topic => {
  const channels: Channel[] = [];
  const topic = {
    tenant,
    channels,
    subscribers: new Set<Subscriber>(),
    live: Promise.resolve(),
    seq: 0,
  };
  for (const place of places) channels.push({ ...place, topic, last: null, begun: 0, probed: 0 });
  return topic;
};

// A task for each: a subscriber that throws is heard of, and keeps nothing from the others.
const tell = ({ subscribers }: Topic, to: (subscriber: Subscriber) => void): void => {
  for (const subscriber of subscribers) {
    queueMicrotask(() => {
      if (subscribers.has(subscriber)) to(subscriber);
    });
  }
};

/** Messages of a topic were lost. */
export const tellGap = (topic: Topic): void =>
  tell(topic, (subscriber) => subscriber.gap(topic.tenant));

/** Sets where the numbers of a channel stand now. */
export const beginAt = (channel: Channel, number: number): void => {
  channel.last = Math.max(number, channel.last ?? 0);
  channel.begun = number;
  channel.probed = number;
};

const isNext = ({ last, begun }: Channel, number: number): boolean =>
  last === null || number === last + 1 || number <= begun;

const deliverChange = (channel: Channel, { number, change }: NumberedChange): void => {
  const { topic } = channel;
  if (!isNext(channel, number)) {
    channel.begun = 0;
    tellGap(topic);
  }
  channel.last = number <= channel.begun ? channel.last : number;
  topic.seq = topic.channels.length === 1 ? number : topic.seq + 1;
  const told = { ...change, seq: topic.seq };
  tell(topic, (subscriber) => subscriber.change(told));
};

/** Hands a message on, and says first where one before it is missing. */
export const deliver = (channel: Channel, message: Message): void => {
  if (message.kind === 'changes') {
    for (const change of message.changes) deliverChange(channel, change);
    return;
  }
  const { topic } = channel;
  const signal = { topic: topic.tenant, message: message.message };
  tell(topic, (subscriber) => subscriber.signal(signal));
};

/**
 * What the server says it sent last, `0` for nothing. True when messages are missing: it had sent
 * more at the probe before than has arrived by now, or it has gone back behind what had arrived when
 * it was asked. What arrived while it was asked may be newer than its answer.
 *
 * @param asked the number of the last message when the server was asked
 */
export const compare = (channel: Channel, sent: number, asked: number | null): boolean => {
  const { last, probed } = channel;
  if (last === null || sent === 0) return false;
  const isMissing = last < Math.min(probed, sent) || sent < (asked ?? 0);
  channel.probed = sent;
  if (isMissing) beginAnew(channel, sent);
  return isMissing;
};

const beginAnew = (channel: Channel, number: number): void => {
  channel.last = number;
  channel.begun = number;
};

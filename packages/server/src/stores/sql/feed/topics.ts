import type { Subscriber } from '../../store.ts';
import type { Message } from './messages.ts';

/** A tenant with subscribers here. */
export interface Topic {
  readonly tenant: string;
  /** As it stands in columns. */
  readonly name: string;
  readonly subscribers: Set<Subscriber>;
  /** Resolves when the topic is live. */
  live: Promise<void>;
  /** The number of the last message in the database; `null` while not live. */
  last: number | null;
  /** Of the last change told; contiguous. */
  seq: number;
}

// A task for each: a subscriber that throws is heard of, and keeps nothing from the others.
const tell = ({ subscribers }: Topic, to: (subscriber: Subscriber) => void): void => {
  for (const subscriber of subscribers) {
    queueMicrotask(() => {
      if (subscribers.has(subscriber)) to(subscriber);
    });
  }
};

/** Messages of a topic were lost. */
export const tellGap = (topic: Topic): void => {
  topic.seq += 1;
  tell(topic, (subscriber) => subscriber.gap(topic.tenant));
};

/** Hands a message on, and says first where one before it is missing. */
export const deliver = (topic: Topic, message: Message): void => {
  if (topic.last === null || message.number <= topic.last) return;
  if (message.number !== topic.last + 1) tellGap(topic);
  topic.last = message.number;
  if (message.kind === 'signal') {
    const signal = { topic: topic.tenant, message: message.message };
    tell(topic, (subscriber) => subscriber.signal(signal));
    return;
  }
  topic.seq += 1;
  const change = { ...message.change, seq: topic.seq };
  tell(topic, (subscriber) => subscriber.change(change));
};

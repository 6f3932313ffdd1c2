import type { Cancel } from '@presence/core';
import type { Message, Messages } from '@presence/example-shared/messages.ts';
import type { Channel, Organisation } from './organisations.ts';

/** What is said in the channels of one organisation. */
export interface Talk {
  latest(channel: Channel): Promise<readonly Message[]>;
  /** @throws TypeError for what is no text */
  say(channel: Channel, personId: string, text: unknown): Promise<Message>;
  /** Every message from now on, until the returned function is called. */
  listen(hear: (message: Message) => void): Cancel;
}

const DAY_MS = 24 * 60 * 60_000;

/** "09:12" of the day before. */
const yesterdayAt = (time: string, now: number): number => {
  const [hours = 0, minutes = 0] = time.split(':').map(Number);
  return new Date(now - DAY_MS).setHours(hours, minutes, 0, 0);
};

/**
 * Keeps what is said, and tells it to whoever listens on this server. Several servers would tell each other by what they
 * share.
 */
export const createTalk = async (
  messages: Messages,
  { id, channels }: Pick<Organisation, 'id' | 'channels'>,
  now: number,
): Promise<Talk> => {
  const listeners = new Set<(message: Message) => void>();
  // Channels of two organisations may have one name; what is said in them is apart.
  const keptIn = (channel: Channel): string => `${id}/${channel.id}`;
  const told = (channel: Channel, message: Message): Message => ({ ...message, room: channel.id });

  const latest: Talk['latest'] = async (channel) =>
    (await messages.latest(keptIn(channel))).map((message) => told(channel, message));

  for (const channel of channels) {
    if ((await latest(channel)).length > 0) continue;
    for (const { by, at, text } of channel.posts) {
      const sentAt = yesterdayAt(at, now);
      await messages.add({ room: keptIn(channel), personId: by, text, sentAt });
    }
  }

  return {
    latest,
    say: async (channel, personId, text) => {
      const message = told(channel, await messages.add({ room: keptIn(channel), personId, text }));
      for (const hear of listeners) hear(message);
      return message;
    },
    listen: (hear) => {
      listeners.add(hear);
      return () => void listeners.delete(hear);
    },
  };
};

import type { Message } from '@presence/example-shared/messages.ts';
import type { TalkLine } from '@presence/example-shared/web/use-talk.ts';
import { loadMessages, sendMessage } from './api.ts';

/** Messages of the channels, told to all tabs of a browser by one of them. */
export interface Line extends TalkLine {
  /** This tab is the one, until the returned function is called. */
  lead(): () => void;
}

type Word = 'opened' | Message;

/**
 * A browser opens six streams to a server and no more, and every tab wants to hear: so one tab holds a stream and tells
 * the others.
 */
export const createLine = (organisation: string, me: string): Line => {
  const name = `messages ${organisation} ${me}`;
  return {
    history: (room) => loadMessages(organisation, room),
    send: (room, text) => sendMessage(organisation, room, text),
    listen: ({ message, opened }) => {
      const channel = new BroadcastChannel(name);
      channel.addEventListener('message', ({ data }: MessageEvent<Word>) => {
        if (data === 'opened') opened();
        else message(data);
      });
      return () => channel.close();
    },
    lead: () => {
      // Another one than that of `listen`, which hears it too.
      const channel = new BroadcastChannel(name);
      // oxlint-disable-next-line unicorn/require-post-message-target-origin -- A channel is of one origin
      const tell = (word: Word): void => channel.postMessage(word);
      const stream = new EventSource(`/${organisation}/api/messages`);
      stream.addEventListener('open', () => tell('opened'));
      stream.addEventListener('message', ({ data }: MessageEvent<string>) =>
        tell(JSON.parse(data) as Message),
      );
      return () => {
        stream.close();
        channel.close();
      };
    },
  };
};

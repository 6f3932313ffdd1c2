import type { Message } from '@presence/example-shared/messages.ts';
import type { TalkLine } from '@presence/example-shared/web/use-talk.ts';
import type { Socket } from 'socket.io-client';

/** How long an answer of the server is waited for. */
const ANSWER_MS = 10_000;

interface Told {
  readonly error?: string;
  readonly messages?: readonly Message[];
}

/** The chat's own events on the connection that presence goes over too. */
export const lineOver = (socket: Socket): TalkLine => {
  const ask = async (event: string, given: unknown): Promise<Told> => {
    const told = (await socket
      .timeout(ANSWER_MS)
      .emitWithAck(event, given)
      .catch(() => ({ error: 'The server does not answer.' }))) as Told;
    if (told.error !== undefined) throw new Error(told.error);
    return told;
  };
  return {
    history: async (room) => (await ask('chat:history', room)).messages ?? [],
    send: async (room, text) => void (await ask('chat:send', { room, text })),
    listen: ({ message, opened }) => {
      socket.on('chat:message', message);
      // After a break as well: what was said meanwhile is not sent again.
      socket.on('connect', opened);
      return () => {
        socket.off('chat:message', message);
        socket.off('connect', opened);
      };
    },
  };
};

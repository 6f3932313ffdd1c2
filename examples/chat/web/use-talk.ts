import { useCallback, useEffect, useState } from 'react';
import type { Socket } from 'socket.io-client';
import type { Message } from './api.ts';

/** Messages by room, as far as they are known, and rooms in which something was said meanwhile. */
export interface Talk {
  readonly messages: readonly Message[];
  readonly unread: ReadonlySet<string>;
  /** @throws Error that says what is wrong with the text */
  send(text: string): Promise<void>;
}

interface Told {
  readonly error?: string;
  readonly messages?: readonly Message[];
}

const without = (rooms: ReadonlySet<string>, room: string): ReadonlySet<string> =>
  new Set([...rooms].filter((other) => other !== room));

const added = (known: readonly Message[], message: Message): readonly Message[] =>
  known.some(({ id }) => id === message.id) ? known : [...known, message];

/** @param room the one that is open */
export const useTalk = (socket: Socket, room: string): Talk => {
  const [byRoom, setByRoom] = useState<ReadonlyMap<string, readonly Message[]>>(new Map());
  const [unread, setUnread] = useState<ReadonlySet<string>>(new Set());

  useEffect(() => {
    const load = async (): Promise<void> => {
      const { messages } = (await socket.emitWithAck('chat:history', room)) as Told;
      if (!messages) return;
      setByRoom((known) => new Map(known).set(room, messages));
      setUnread((rooms) => without(rooms, room));
    };
    const onMessage = (message: Message): void => {
      setByRoom((known) =>
        new Map(known).set(message.room, added(known.get(message.room) ?? [], message)),
      );
      if (message.room !== room) setUnread((rooms) => new Set(rooms).add(message.room));
    };
    const onConnect = (): void => void load();
    socket.on('chat:message', onMessage);
    // After a break as well: what was said meanwhile is not sent again.
    socket.on('connect', onConnect);
    if (socket.connected) onConnect();
    return () => {
      socket.off('chat:message', onMessage);
      socket.off('connect', onConnect);
    };
  }, [socket, room]);

  const send = useCallback(
    async (text: string): Promise<void> => {
      const answer = (await socket
        .timeout(10_000)
        .emitWithAck('chat:send', { room, text })) as Told;
      if (answer.error !== undefined) throw new Error(answer.error);
    },
    [socket, room],
  );

  return { messages: byRoom.get(room) ?? [], unread, send };
};

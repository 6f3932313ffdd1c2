import { useCallback, useEffect, useState } from 'react';
import type { Message } from '../messages.ts';

/** How the messages of an application come and go. */
export interface TalkLine {
  /** The last messages of a room, oldest first. */
  history(room: string): Promise<readonly Message[]>;
  /** @throws Error that says what is wrong with the text */
  send(room: string, text: string): Promise<void>;
  /** Tells of what is said in any room, and of each time before which something may have been missed. */
  listen(on: { message(message: Message): void; opened(): void }): () => void;
}

/** What was said in the open room, and where else something was said meanwhile. */
export interface Talk {
  /** `null`: not known yet. */
  readonly messages: readonly Message[] | null;
  /** Rooms. */
  readonly unread: ReadonlySet<string>;
  /** @throws Error that says what is wrong with the text */
  send(text: string): Promise<void>;
}

interface Options {
  readonly line: TalkLine;
  /** The one that is open; `null`: none. */
  readonly room: string | null;
  /** What one said oneself, in another window, is nothing new. */
  readonly me: string;
}

const without = (rooms: ReadonlySet<string>, room: string): ReadonlySet<string> =>
  new Set([...rooms].filter((other) => other !== room));

const added = (known: readonly Message[], message: Message): readonly Message[] =>
  known.some(({ id }) => id === message.id) ? known : [...known, message];

/** What was asked for, and what was told meanwhile. */
const merged = (asked: readonly Message[], known: readonly Message[] = []): readonly Message[] => {
  const until = asked.at(-1)?.sentAt ?? 0;
  return known.filter(({ sentAt }) => sentAt > until).reduce(added, asked);
};

export const useTalk = ({ line, room, me }: Options): Talk => {
  const [byRoom, setByRoom] = useState<ReadonlyMap<string, readonly Message[]>>(new Map());
  const [unread, setUnread] = useState<ReadonlySet<string>>(new Set());

  useEffect(() => {
    let isCurrent = true;
    const load = async (): Promise<void> => {
      if (room === null) return;
      const messages = await line.history(room);
      if (!isCurrent) return;
      setByRoom((known) => new Map(known).set(room, merged(messages, known.get(room))));
      setUnread((rooms) => without(rooms, room));
    };
    // What fails is asked for again with the next opening.
    const show = (): void => void load().catch(() => undefined);
    const stop = line.listen({
      opened: show,
      message: (message) => {
        setByRoom((known) =>
          new Map(known).set(message.room, added(known.get(message.room) ?? [], message)),
        );
        if (message.room === room || message.personId === me) return;
        setUnread((rooms) => new Set(rooms).add(message.room));
      },
    });
    show();
    return () => {
      isCurrent = false;
      stop();
    };
  }, [line, room, me]);

  const send = useCallback(
    async (text: string): Promise<void> => {
      if (room !== null) await line.send(room, text);
    },
    [line, room],
  );

  return { messages: room === null ? null : (byRoom.get(room) ?? null), unread, send };
};

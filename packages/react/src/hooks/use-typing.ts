import { useMemo } from 'react';
import { usePresenceClient } from './use-presence-client.ts';
import { useRoom } from './use-room.ts';

/** Who types in a room, and how to say that one does oneself. */
export interface Typing {
  /** By user id, without the own user. */
  readonly typing: readonly string[];
  /** Call it with each input: it is said now and then, and ends by itself. */
  readonly startTyping: () => void;
  /** It was sent, or dropped. */
  readonly stopTyping: () => void;
}

/** In a room, and who types there, while the component is mounted. */
export const useTyping = (room: string): Typing => {
  const client = usePresenceClient();
  const typing = useRoom(room, (state) => state.typing);
  return useMemo(() => {
    const { startTyping, stopTyping } = client.room(room);
    return { typing, startTyping, stopTyping };
  }, [client, room, typing]);
};

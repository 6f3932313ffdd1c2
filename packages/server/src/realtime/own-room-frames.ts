import { isPresenceError } from '@presence/core';
import type { JoinFrame, LeaveFrame, TypingFrame } from '@presence/core/protocol';
import type { Node } from '../context.ts';
import { checkRoom } from '../rooms/access.ts';
import type { Held } from './held.ts';

/** Frames by which a session goes in and out of rooms, and types there. */
export interface OwnRoomFrames {
  join(held: Held, frame: JoinFrame): Promise<void>;
  leave(held: Held, frame: LeaveFrame): Promise<void>;
  typing(held: Held, frame: TypingFrame): Promise<void>;
}

export const createOwnRoomFrames = (node: Node): OwnRoomFrames => {
  const { engine, options, typing } = node;

  const move = async (
    held: Held,
    command: Pick<JoinFrame, 'room'> &
      ({ type: 'join-room'; meta: string | null } | { type: 'leave-room' }),
  ): Promise<void> => {
    const { key, sessionId, generation } = held;
    const { issuedAt } = held.principal;
    const { session } = await engine.execute(key, { ...command, sessionId, generation, issuedAt });
    if (session) held.rooms = session.rooms;
  };

  return {
    join: async (held, { room, meta }) => {
      await checkRoom(options, held.principal, 'room:join', room);
      const text = meta === undefined ? null : JSON.stringify(meta);
      await move(held, { type: 'join-room', room, meta: text });
    },
    leave: (held, { room }) => move(held, { type: 'leave-room', room }),
    typing: async (held, { room, state }) => {
      const { key, sessionId } = held;
      const { record } = await engine.read(key);
      try {
        await typing.say({ key, sessionId, record }, room, state);
      } catch (error) {
        // A hint too many is not worth a connection.
        if (!isPresenceError(error) || error.code !== 'rate_limited') throw error;
      }
    },
  };
};

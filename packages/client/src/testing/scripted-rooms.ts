import type { Cancel } from '@presence/core';
import { UNKNOWN_ROOM } from '../unknown.ts';
import type { Room, RoomState } from '../types.ts';

interface Parts {
  /** Takes note of what was called. */
  called(name: string, room: string): void;
  /** Joins by reference count. */
  hold(room: string): Cancel;
  listen(topic: string, listener: () => void): Cancel;
  fire(topic: string): void;
}

/** Rooms that are as they are told to be, for tests of interfaces. */
export const createScriptedRooms = ({ called, hold, listen, fire }: Parts) => {
  const rooms = new Map<string, RoomState>();
  return {
    room: (id: string): Room => ({
      join: () => hold(id),
      getSnapshot: () => rooms.get(id) ?? UNKNOWN_ROOM,
      subscribe: (listener) => listen(`room ${id}`, listener),
      startTyping: () => called('startTyping', id),
      stopTyping: () => called('stopTyping', id),
    }),
    putRoom(id: string, change: Partial<RoomState>): void {
      const before = rooms.get(id) ?? UNKNOWN_ROOM;
      const { members = before.members } = change;
      const next = { ...before, synced: true, count: members.length, ...change, members };
      rooms.set(id, Object.freeze(next));
      fire(`room ${id}`);
    },
  };
};

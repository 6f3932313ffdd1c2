import type { Cancel, Status } from '@presence/core';
import { byId } from '../room-state.ts';
import { UNKNOWN_ROOM } from '../unknown.ts';
import type { Room, RoomMember, RoomState, ShownStatus } from '../types.ts';

/** How a room is to be; what is not said stays, or is as of a room in which nobody is. */
export interface ScriptedRoom extends Partial<Omit<RoomState, 'members'>> {
  /** By user id, with the status that they have otherwise; or as they are to be in the room. */
  readonly members?: readonly (string | RoomMember)[];
}

interface Parts {
  /** Takes note of what was called. */
  called(name: string, room: string): void;
  /** Joins by reference count. */
  hold(room: string): Cancel;
  listen(topic: string, listener: () => void): Cancel;
  fire(topic: string): void;
  statusOf(userId: string): ShownStatus;
  /** A room of which nothing was said: known to be empty, or not known. */
  readonly others: 'offline' | 'unknown';
}

const isPresent = (status: ShownStatus): status is Status =>
  status !== 'offline' && status !== 'unknown';

/** Rooms that are as they are told to be, for tests of interfaces. */
export const createScriptedRooms = ({ called, hold, listen, fire, statusOf, others }: Parts) => {
  const rooms = new Map<string, ScriptedRoom>();
  const shown = new Map<string, RoomState>();
  const untold = Object.freeze({ ...UNKNOWN_ROOM, synced: others === 'offline' });

  /** Whoever is named is there as long as they are not offline, as in any room. */
  const memberOf = (member: string | RoomMember): readonly RoomMember[] => {
    if (typeof member !== 'string') return [member];
    const status = statusOf(member);
    return isPresent(status) ? [{ userId: member, status, version: 1 }] : [];
  };
  const stateOf = ({ members: told = [], ...room }: ScriptedRoom): RoomState => {
    const members = Object.freeze(told.flatMap(memberOf).sort(byId));
    return Object.freeze({ ...untold, synced: true, count: members.length, ...room, members });
  };
  const show = (id: string): void => {
    shown.delete(id);
    fire(`room ${id}`);
  };
  return {
    room: (id: string): Room => ({
      join(options) {
        if (options?.meta !== undefined) called(`say ${JSON.stringify(options.meta)} in`, id);
        return hold(id);
      },
      getSnapshot() {
        const told = rooms.get(id);
        const state = shown.get(id) ?? (told ? stateOf(told) : untold);
        shown.set(id, state);
        return state;
      },
      subscribe: (listener) => listen(`room ${id}`, listener),
      startTyping: () => called('startTyping', id),
      stopTyping: () => called('stopTyping', id),
    }),
    putRoom(id: string, change: ScriptedRoom): void {
      // How many they are follows from who they are, unless it is said.
      const { count: _, ...before } = rooms.get(id) ?? {};
      rooms.set(id, { ...before, ...change });
      show(id);
    },
    /** Somebody's presence is another one from now on. */
    changed(userId: string): void {
      for (const [id, { members = [] }] of rooms) if (members.includes(userId)) show(id);
    },
  };
};

import {
  DEFAULT_POLICY,
  fitsMeta,
  isInRoom,
  metasIn,
  roomsOf,
  roomsWith,
  roomsWithout,
  type ErrorCode,
  type Presence,
  type RoomStay,
} from '@presence/core';
import type { Json, RoomAnswer, RoomMember, Typist } from '@presence/core/protocol';
import { createRoomTypists, type RoomTypists } from '../room-typists.ts';
import type { ScriptedClock, ScriptedConnection } from './scripted-state.ts';
import { createRoomAudience } from './server-room-audience.ts';

/** What may be in rooms: a session, or somebody of whom only the test knows. */
export interface Staying {
  readonly userId: string;
  rooms?: readonly RoomStay[];
}

/** Who is in which room, and who types there; with core's rules for sessions in rooms, and for how much is told of one. */
export interface ServerRooms {
  /** @returns why it may not */
  join(who: Staying, room: string, meta?: Json): ErrorCode | undefined;
  leave(who: Staying, room: string): void;
  /** @returns why it may not */
  type(who: Staying, room: string, state: boolean): ErrorCode | undefined;
  watch(connection: ScriptedConnection, id: string, room: string): void;
  /** Somebody's row or sessions changed: tells who watches the rooms that they were or are in. */
  refresh(userId: string): void;
  /** A page of the members behind this one. */
  page(room: string, limit?: number, after?: string): RoomAnswer;
}

export interface ServerRoomsParts {
  readonly clock: ScriptedClock;
  readonly connections: ReadonlySet<ScriptedConnection>;
  row(userId: string): Presence;
  userIds(): Iterable<string>;
  /** All of a user that may be in rooms. */
  stayingOf(userId: string): readonly Staying[];
}

/** Who is in rooms. Many sessions of one user are one member. */
export interface RoomMembers {
  one(room: string, userId: string): RoomMember | null;
  /** By user id. */
  all(room: string): readonly RoomMember[];
}

const createMembers = ({ row, userIds, stayingOf }: ServerRoomsParts): RoomMembers => {
  const one: RoomMembers['one'] = (room, userId) => {
    const presence = row(userId);
    const sessions = stayingOf(userId);
    if (presence.status === 'offline' || !sessions.some((who) => isInRoom(who, room))) return null;
    const meta = metasIn({ sessions }, room).map((text) => JSON.parse(text) as Json);
    return meta.length === 0 ? presence : { ...presence, meta };
  };
  return {
    one,
    all: (room) => [...new Set(userIds())].sort().flatMap((userId) => one(room, userId) ?? []),
  };
};

/** Who types where; each stops by themselves in time. */
export interface RoomTyping {
  note(room: string, userId: string, forMs: number): void;
  in(room: string): readonly Typist[];
}

const createTyping = (clock: ScriptedClock): RoomTyping => {
  const rooms = new Map<string, RoomTypists>();
  return {
    note(room, userId, forMs) {
      const typists = rooms.get(room) ?? createRoomTypists();
      rooms.set(room, typists);
      typists.note(userId, forMs, clock.now());
    },
    in(room) {
      rooms.get(room)?.expire(clock.now());
      return (rooms.get(room)?.all() ?? []).map(([userId, until]) => ({ userId, until }));
    },
  };
};

export const createServerRooms = (parts: ServerRoomsParts): ServerRooms => {
  const { clock } = parts;
  const members = createMembers(parts);
  const typing = createTyping(clock);
  const { watch, refresh, typed } = createRoomAudience(parts, members, typing);

  const move = (who: Staying, room: string, rooms: readonly RoomStay[]): void => {
    who.rooms = rooms;
    if (!members.one(room, who.userId)) typing.note(room, who.userId, 0);
    refresh(who.userId);
  };
  return {
    watch,
    refresh,
    join(who, room, meta) {
      const text = meta === undefined ? null : JSON.stringify(meta);
      const fits = text === null || fitsMeta(text);
      const rooms = fits ? roomsWith(roomsOf(who), { room, meta: text }) : null;
      if (rooms === null) return 'invalid_request';
      move(who, room, rooms);
      return undefined;
    },
    leave: (who, room) => move(who, room, roomsWithout(roomsOf(who), room)),
    type(who, room, state) {
      if (!isInRoom(who, room)) return 'not_found';
      if (!members.one(room, who.userId)) return undefined;
      const forMs = state ? DEFAULT_POLICY.typingMs : 0;
      typing.note(room, who.userId, forMs);
      typed(room, who.userId, forMs);
      return undefined;
    },
    page(room, limit = Infinity, after = '') {
      const all = members.all(room);
      const behind = all.filter(({ userId }) => userId > after);
      const shown = behind.slice(0, limit);
      const isLast = shown.length === behind.length;
      return {
        room,
        members: shown,
        count: all.length,
        typing: typing.in(room),
        asOf: clock.now(),
        ...(!isLast && { nextCursor: shown.at(-1)!.userId }),
      };
    },
  };
};

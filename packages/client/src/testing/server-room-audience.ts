import { roomModeFor, roomRows } from '@presence/core';
import type { RoomChangesFrame, RoomMode } from '@presence/core/protocol';
import type { ScriptedConnection } from './scripted-state.ts';
import type { RoomMembers, RoomTyping, ServerRooms, ServerRoomsParts } from './server-rooms.ts';

/** Whoever watches rooms, and what they are told. */
interface RoomAudience extends Pick<ServerRooms, 'watch' | 'refresh'> {
  /** Somebody types for so long; 0: they stopped. */
  typed(room: string, userId: string, forMs: number): void;
}

/** What was told of a room that somebody watches. */
interface Told {
  mode: RoomMode;
  /** Each member, as JSON. */
  readonly rows: Map<string, string>;
}

type Rows = RoomChangesFrame['presences'];

export const createRoomAudience = (
  { clock, connections, row }: ServerRoomsParts,
  members: RoomMembers,
  typing: RoomTyping,
): RoomAudience => {
  const watched = new Map<string, Told>();

  const watchers = (room: string): ScriptedConnection[] =>
    [...connections].filter((connection) => [...connection.rooms.values()].includes(room));
  const snapshot = (connection: ScriptedConnection, watch: string, room: string): void => {
    const { mode, rows } = watched.get(room)!;
    connection.send({
      type: 'snapshot',
      watch,
      room,
      mode,
      count: rows.size,
      presences: roomRows(mode, members.all(room)),
      typing: typing.in(room),
      asOf: clock.now(),
    });
  };
  const tell = (room: string, { mode, rows }: Told, presences: Rows): void => {
    const told = { type: 'changes', room, count: rows.size, asOf: clock.now() } as const;
    const shown = mode === 'count' ? [] : presences;
    for (const connection of watchers(room)) connection.send({ ...told, presences: shown });
  };
  /** Whether another kind of rows is told from now on: then all are. */
  const turns = (room: string, told: Told): boolean => {
    const mode = roomModeFor(told.rows.size, told.mode);
    if (mode === told.mode) return false;
    told.mode = mode;
    for (const connection of watchers(room)) {
      for (const [id, name] of connection.rooms) if (name === room) snapshot(connection, id, room);
    }
    return true;
  };

  return {
    watch(connection, id, room) {
      const rows = members.all(room).map((now) => [now.userId, JSON.stringify(now)] as const);
      const told = watched.get(room) ?? { mode: 'full', rows: new Map(rows) };
      watched.set(room, told);
      told.mode = roomModeFor(told.rows.size, told.mode);
      connection.rooms.set(id, room);
      snapshot(connection, id, room);
    },
    refresh(userId) {
      for (const [room, told] of watched) {
        const now = members.one(room, userId);
        const json = now === null ? undefined : JSON.stringify(now);
        if (json === told.rows.get(userId)) continue;
        if (json === undefined) {
          told.rows.delete(userId);
          typing.note(room, userId, 0);
        } else told.rows.set(userId, json);
        if (turns(room, told)) continue;
        const gone = [userId, 'gone', row(userId).version] as const;
        tell(room, told, now === null ? [gone] : roomRows(told.mode, [now]));
      }
    },
    typed(room, userId, forMs) {
      const asOf = clock.now();
      if (watched.get(room)?.mode === 'count') return;
      for (const connection of watchers(room)) {
        connection.send({ type: 'typing', room, userId, until: asOf + forMs, asOf });
      }
    },
  };
};

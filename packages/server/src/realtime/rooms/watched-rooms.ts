import { roomsOf, type Cancel, type Instant, type PresenceRecord } from '@presence/core';
import type { Node } from '../../context.ts';
import type { LiveTime } from '../live-time.ts';
import type { Outbox } from '../outbox.ts';
import { createWatchedRoom, type WatchedRoom } from './watched-room.ts';

/** The rooms of one tenant that somebody on this node watches. */
export interface WatchedRooms {
  /** Resolves when nothing of who types can be missed. */
  ready(): Promise<void>;
  of(room: string): WatchedRoom;
  /** A commit of somebody in the tenant. */
  seen(userId: string, record: PresenceRecord | null, at: Instant): void;
  /** Messages were lost: reads all of them anew. */
  reread(): Promise<void>;
  stop(): void;
  readonly size: number;
}

interface Parts {
  readonly tenant: string;
  readonly node: Node;
  readonly time: LiveTime;
  readonly outbox: Outbox;
}

export const createWatchedRooms = ({ tenant, node, time, outbox }: Parts): WatchedRooms => {
  const { engine, options } = node;
  const rooms = new Map<string, WatchedRoom>();
  /** From the first room on until the tenant is left. */
  let listening: Promise<Cancel> | null = null;

  const ready = async (): Promise<void> => {
    listening ??= node.typing.listen(tenant, (room, typist) => rooms.get(room)?.typing(typist));
    const own = listening;
    try {
      await own;
    } catch (error) {
      if (listening === own) listening = null;
      throw error;
    }
  };

  const create = (room: string): WatchedRoom =>
    createWatchedRoom({
      tenant,
      room,
      engine,
      clock: options.clock,
      time,
      outbox,
      typists: (of) => node.typing.heard(tenant, of),
      onUnwatched: (of) => {
        rooms.get(of)?.stop();
        rooms.delete(of);
      },
    });

  return {
    ready,
    of: (room) => {
      const watched = rooms.get(room) ?? create(room);
      rooms.set(room, watched);
      return watched;
    },
    seen: (userId, record, at) => {
      if (rooms.size === 0) return;
      const stays = record?.sessions.flatMap((session) => roomsOf(session)) ?? [];
      const joined = new Set(stays.map(({ room }) => room));
      for (const [name, room] of rooms) {
        if (joined.has(name) || room.concerns(userId)) room.seen(userId, record, at);
      }
    },
    reread: async () => {
      for (const room of rooms.values()) await room.reread();
    },
    stop: () => {
      for (const room of rooms.values()) room.stop();
      rooms.clear();
      void listening?.then((cancel) => cancel()).catch(() => undefined);
    },
    get size() {
      return rooms.size;
    },
  };
};

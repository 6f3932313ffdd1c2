import {
  isMember,
  type Cancel,
  type Clock,
  type Instant,
  type PresenceRecord,
} from '@presence/core';
import type { Typist } from '@presence/core/protocol';

/** Told of each who begins, goes on or stops: then `until` has passed. By this node's clock. */
export type TypingListener = (room: string, typist: Typist) => void;

/** Who types, and for how much longer if they say no more. */
export interface TypistLeft {
  readonly userId: string;
  readonly leftMs: number;
}

/** Who types in the rooms of one tenant, as one node has heard. Each stops by themselves in time. */
export interface Typists {
  /** @param forMs 0: stopped */
  heard(room: string, userId: string, forMs: number): void;
  /** Who left a room, hid or went offline does not type there any more. */
  seen(userId: string, record: PresenceRecord | null): void;
  in(room: string): readonly TypistLeft[];
  listen(listener: TypingListener): Cancel;
  /** Frees what is over. */
  expire(): void;
}

export const createTypists = (clock: Pick<Clock, 'now'>): Typists => {
  /** By user, then by room. */
  const byUser = new Map<string, Map<string, Instant>>();
  const listeners = new Set<TypingListener>();

  const tell = (room: string, typist: Typist): void => {
    for (const listener of listeners) listener(room, typist);
  };

  const forget = (userId: string, rooms: Map<string, Instant>, room: string): void => {
    rooms.delete(room);
    if (rooms.size === 0) byUser.delete(userId);
  };

  const stop = (userId: string, room: string): void => {
    const rooms = byUser.get(userId);
    const until = rooms?.get(room);
    if (!rooms || until === undefined) return;
    forget(userId, rooms, room);
    const now = clock.now();
    if (until > now) tell(room, { userId, until: now });
  };

  return {
    heard: (room, userId, forMs) => {
      if (forMs <= 0) return stop(userId, room);
      const rooms = byUser.get(userId) ?? new Map<string, Instant>();
      const until = clock.now() + forMs;
      byUser.set(userId, rooms.set(room, until));
      tell(room, { userId, until });
    },
    seen: (userId, record) => {
      const rooms = byUser.get(userId);
      if (!rooms) return;
      for (const room of rooms.keys()) if (!isMember(record, room)) stop(userId, room);
    },
    in: (room) => {
      const now = clock.now();
      const found: TypistLeft[] = [];
      for (const [userId, rooms] of byUser) {
        const until = rooms.get(room);
        if (until !== undefined && until > now) found.push({ userId, leftMs: until - now });
      }
      return found.sort((a, b) => (a.userId < b.userId ? -1 : 1));
    },
    listen: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    expire: () => {
      const now = clock.now();
      for (const [userId, rooms] of byUser) {
        for (const [room, until] of rooms) if (until <= now) forget(userId, rooms, room);
      }
    },
  };
};

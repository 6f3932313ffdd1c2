import type { ClientFrame, Json } from '@presence/core/protocol';
import { createRoomView, type RoomFrame, type RoomView } from './room-view.ts';

/** The rooms of a scripted socket: what it is in, and what it is told of. */
export interface RawRooms {
  join(room: string, meta: Json | undefined): void;
  leave(room: string): void;
  type(room: string, state: boolean): void;
  watch(room: string): void;
  unwatch(room: string): void;
  readonly views: ReadonlyMap<string, RoomView>;
  take(frame: RoomFrame): void;
  /** A new socket: what was told before counts no more, and all is asked for again. */
  welcomed(): void;
}

type WithoutRef<Frame> = Frame extends unknown ? Omit<Frame, 'ref'> : never;

export const createRawRooms = (
  send: (frame: WithoutRef<ClientFrame>) => void,
  now: () => number,
): RawRooms => {
  const joined = new Map<string, Json | undefined>();
  const views = new Map<string, RoomView>();

  const join: RawRooms['join'] = (room, meta) => {
    joined.set(room, meta);
    send({ type: 'join', room, ...(meta !== undefined && { meta }) });
  };
  const askFor = (room: string): void => send({ type: 'watch', id: `room ${room}`, room });

  return {
    join,
    leave: (room) => {
      joined.delete(room);
      send({ type: 'leave', room });
    },
    type: (room, state) => send({ type: 'typing', room, state }),
    watch: (room) => {
      if (views.has(room)) return;
      views.set(room, createRoomView(now));
      askFor(room);
    },
    unwatch: (room) => {
      if (views.delete(room)) send({ type: 'unwatch', id: `room ${room}` });
    },
    views,
    // What was on its way when a watch ended is about nothing.
    take: (frame) => views.get(frame.room)?.take(frame),
    welcomed: () => {
      for (const [room, meta] of joined) join(room, meta);
      for (const [room, view] of views) {
        view.clear();
        askFor(room);
      }
    },
  };
};

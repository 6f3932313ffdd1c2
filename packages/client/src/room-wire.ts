import type { Instant } from '@presence/core';
import type { JoinFrame, LeaveFrame, UnwatchFrame, WatchFrame } from '@presence/core/protocol';
import { WATCH_RETRY_MS } from './numbers.ts';
import type { Rooms } from './rooms.ts';
import type { LinkContext } from './transports/presence-link.ts';
import type { Socket } from './transports/socket.ts';

type RoomWireFrame = WatchFrame | UnwatchFrame | JoinFrame | LeaveFrame;

/** Of the 20 frames that the server takes in a second; those of users' watches are ten. */
const ROOM_FRAMES = 6;
const ROOM_PACE_MS = 1000;
/** A cursor moves all the time, and each change that is told is a write to the store. */
const META_PACE_MS = 1000;

/** What was sent for one room. */
interface Entered {
  /** The id of its watch. */
  readonly watch: string;
  isWatched: boolean;
  /** What the session said of itself there, as JSON; `null`: it is not in the room. */
  said: string | undefined | null;
  saidAt: number;
}

/** How long what is to be said there has to wait. */
const waitFor = ({ said, saidAt }: Entered, meta: string | undefined, now: Instant): number =>
  said === meta || said === null ? 0 : saidAt + META_PACE_MS - now;

/** Brings one room to what is wanted. */
const framesFor = (
  held: Entered,
  room: string,
  meta: string | undefined,
  now: Instant,
): RoomWireFrame[] => {
  const frames: RoomWireFrame[] = [];
  if (held.said !== meta) {
    held.said = meta;
    held.saidAt = now;
    frames.push({ type: 'join', room, meta: meta && JSON.parse(meta) });
  }
  if (!held.isWatched) frames.push({ type: 'watch', id: held.watch, room });
  held.isWatched = true;
  return frames;
};

/** The rooms that one link is in, and the frames that lead from there to what is wanted. */
export const createRoomWire = (
  send: Socket['send'],
  { clock, timers, demand, listeners }: LinkContext,
  wanted: Rooms['wanted'],
) => {
  const entered = new Map<string, Entered>();
  let count = 0;

  const enter = (room: string): Entered => {
    const watch = `room-${(count += 1)}`;
    const fresh: Entered = { watch, isWatched: false, said: null, saidAt: 0 };
    entered.set(room, fresh);
    return fresh;
  };
  const say = (frame: RoomWireFrame): void =>
    send(frame, (error) => {
      if (!error) return;
      if (!error.retryable) return listeners.fail(error);
      const held = entered.get((frame as JoinFrame).room);
      if (held && frame.type === 'join') held.said = null;
      if (held && frame.type === 'watch') held.isWatched = false;
      timers.after(WATCH_RETRY_MS, sync, 'room-retry');
    });
  /** Room by room, each when it is asked for: until then it may change without a frame. */
  const missing = function* (): Generator<RoomWireFrame[]> {
    const rooms = wanted(demand());
    for (const [room, { watch }] of entered) {
      if (rooms.has(room)) continue;
      entered.delete(room);
      yield [
        { type: 'unwatch', id: watch },
        { type: 'leave', room },
      ];
    }
    for (const [room, meta] of rooms) {
      const held = entered.get(room) ?? enter(room);
      const waitMs = waitFor(held, meta, clock.now());
      if (waitMs > 0) timers.after(waitMs, sync, `room ${room}`);
      else yield framesFor(held, room, meta, clock.now());
    }
  };
  /** Frames of the last second, whatever they were sent for. */
  let sent = 0;
  const sync = (): void => {
    if (sent >= ROOM_FRAMES) return;
    for (const frames of missing()) {
      if (frames.length === 0) continue;
      frames.forEach(say);
      sent += frames.length;
      timers.after(ROOM_PACE_MS, () => {
        sent -= frames.length;
        sync();
      });
      if (sent >= ROOM_FRAMES) break;
    }
  };
  return sync;
};

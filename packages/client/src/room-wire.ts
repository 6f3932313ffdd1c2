import type { JoinFrame, LeaveFrame, UnwatchFrame, WatchFrame } from '@presence/core/protocol';
import { WATCH_RETRY_MS } from './numbers.ts';
import { isRoomId, roomOfId } from './room-state.ts';
import type { LinkContext } from './transports/presence-link.ts';
import type { Socket } from './transports/socket.ts';

type RoomWireFrame = WatchFrame | UnwatchFrame | JoinFrame | LeaveFrame;

/** Of the 20 frames that the server takes in a second; those of users' watches are ten. */
const ROOM_FRAMES = 6;
const ROOM_PACE_MS = 1000;

/** The rooms that one link is in, and the frames that lead from there to what is wanted. */
export const createRoomWire = (
  send: Socket['send'],
  { timers, demand, listeners }: LinkContext,
) => {
  /** The watch of each room, by its id among the users. */
  const entered = new Map<string, string>();
  const queue: RoomWireFrame[] = [];
  let count = 0;

  const pump = (): void => {
    if (timers.has('room-pace')) return;
    for (const frame of queue.splice(0, ROOM_FRAMES)) {
      send(frame, (error) => {
        if (!error) return;
        if (!error.retryable) return listeners.fail(error);
        if (frame.type === 'join' || frame.type === 'watch') {
          for (const id of entered.keys()) if (roomOfId(id) === frame.room) entered.delete(id);
        }
        timers.after(WATCH_RETRY_MS, sync, 'room-retry');
      });
    }
    if (queue[0]) timers.after(ROOM_PACE_MS, pump, 'room-pace');
  };
  const sync = (): void => {
    const wanted = demand().filter(isRoomId);
    for (const [id, watch] of entered) {
      if (wanted.includes(id)) continue;
      entered.delete(id);
      queue.push({ type: 'unwatch', id: watch }, { type: 'leave', room: roomOfId(id) });
    }
    for (const id of wanted) {
      if (entered.has(id)) continue;
      const watch = `room-${(count += 1)}`;
      entered.set(id, watch);
      const room = roomOfId(id);
      queue.push({ type: 'join', room }, { type: 'watch', id: watch, room });
    }
    pump();
  };
  return sync;
};

import { createWireWatches, type WireWatch } from '../watches.ts';
import type { LinkContext } from './presence-link.ts';
import type { Socket } from './socket.ts';

/** The server takes 20 frames a second; half of it for watches leaves room for the rest. */
const FRAMES = 10;
const PACE_MS = 1000;
const RETRY_MS = 5000;

/** Keeps what a socket watches equal to what is wanted, no faster than the server takes it. */
export const createWatchSender = (
  { send }: Socket,
  { timers, demand, listeners }: LinkContext,
): (() => void) => {
  const watches = createWireWatches();
  const queue: WireWatch[] = [];
  let room = FRAMES;
  let full = false;

  const pump = (): void => {
    if (queue.length > 0 && !timers.has('pace')) {
      room = FRAMES;
      timers.after(PACE_MS, pump, 'pace');
    }
    const now = queue.splice(0, room);
    room -= now.length;
    for (const frame of now) {
      send(frame, (error) => {
        if (!error) return;
        if (!error.retryable) return listeners.fail(error);
        watches.failed(frame);
        timers.after(RETRY_MS, sync, 'retry');
      });
    }
  };
  const sync = (): void => {
    const { frames, refused } = watches.sync(demand());
    const count = refused.length;
    if (count > 0 && !full) {
      listeners.fail({
        code: 'invalid_options',
        message: `[presence/client] Too many users are watched: ${count} have no room. Watch those on screen only.`,
      });
    }
    full = count > 0;
    queue.push(...frames);
    pump();
  };
  return sync;
};

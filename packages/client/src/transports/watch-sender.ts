import { createWireWatches, type WireWatch } from '../watches.ts';
import type { LinkContext } from './presence-link.ts';
import type { Socket } from './socket.ts';
import { WATCH_FRAMES, WATCH_PACE_MS, WATCH_RETRY_MS } from '../numbers.ts';

/** Keeps what a socket watches equal to what is wanted, no faster than the server takes it. */
export const createWatchSender = (
  send: Socket['send'],
  { timers, demand, listeners }: LinkContext,
): (() => void) => {
  const watches = createWireWatches();
  const queue: WireWatch[] = [];
  let room = WATCH_FRAMES;
  let full = false;

  const pump = (): void => {
    if (queue.length > 0 && !timers.has('pace')) {
      room = WATCH_FRAMES;
      timers.after(WATCH_PACE_MS, pump, 'pace');
    }
    const now = queue.splice(0, room);
    room -= now.length;
    for (const frame of now) {
      send(frame, (error) => {
        if (!error) return;
        if (!error.retryable) return listeners.fail(error);
        watches.failed(frame);
        timers.after(WATCH_RETRY_MS, sync, 'retry');
      });
    }
  };
  const sync = (): void => {
    const { frames, refused } = watches.sync(demand());
    const tooMany = refused.length > 0;
    if (tooMany && !full) {
      listeners.fail({
        code: 'invalid_options',
        message: '[presence/client] Too many users are watched.',
      });
    }
    full = tooMany;
    queue.push(...frames);
    pump();
  };
  return sync;
};

import { createWireWatches, type WireWatch } from '../watches.ts';
import type { LinkContext } from './presence-link.ts';
import type { Socket } from './socket.ts';
import { WATCH_FRAMES, WATCH_PACE_MS, WATCH_RETRY_MS } from '../numbers.ts';

/** Keeps what a socket watches equal to what is wanted, no faster than the server takes it. */
export const createWatchSender = (send: Socket['send'], context: LinkContext): (() => void) => {
  const { timers, demand, listeners, rooms } = context;
  const watches = createWireWatches();
  const queue: WireWatch[] = [];
  let out = 0;
  let full: string | undefined;

  const sync = (): void => {
    rooms.sync(send, context);
    // What changes while there is no room goes as one frame later; whoever came and went in the meantime, in none.
    if (out < WATCH_FRAMES && !queue[0]) {
      const { frames, refused } = watches.sync(demand());
      if (refused[0] && !full) {
        listeners.fail({
          code: 'invalid_options',
          message: '[presence/client] Too many users are watched.',
        });
      }
      full = refused[0];
      queue.push(...frames);
    }
    for (const frame of queue.splice(0, WATCH_FRAMES - out)) {
      out += 1;
      // The more are out, the later: they come back one after the other.
      timers.after(WATCH_PACE_MS * out, () => {
        out -= 1;
        sync();
      });
      send(frame, (error) => {
        if (!error) return;
        if (!error.retryable) return listeners.fail(error);
        watches.failed(frame);
        timers.after(WATCH_RETRY_MS, sync, 'retry');
      });
    }
  };
  return sync;
};

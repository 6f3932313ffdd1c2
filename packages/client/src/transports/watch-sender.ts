import { PresenceError } from '@presence/core';
import type { Demand } from '../demand.ts';
import { createWireWatches, type WireWatch } from '../watches.ts';
import type { Socket } from './socket.ts';

/** The server takes 20 frames a second; half of it for watches leaves room for the rest. */
const FRAMES = 10;
const PACE_MS = 1000;
const RETRY_MS = 5000;

/** Keeps what a socket watches equal to what is wanted, no faster than the server takes it. */
export const createWatchSender = (
  socket: Socket,
  demand: () => Demand,
  fail: (error: PresenceError) => void,
): { sync(): void } => {
  const watches = createWireWatches();
  let queue: WireWatch[] = [];
  let room = FRAMES;
  let retrying = false;
  let full = false;

  const retry = (): void => {
    if (retrying) return;
    retrying = true;
    socket.timers.after(RETRY_MS, () => {
      retrying = false;
      sync();
    });
  };
  const transmit = (frame: WireWatch): void => {
    socket.send(frame, (error) => {
      if (!error) return;
      if (!error.retryable) return fail(new PresenceError(error.code, error.message));
      watches.failed(frame);
      retry();
    });
  };
  const pump = (): void => {
    if (room === FRAMES && queue.length > 0) {
      socket.timers.after(PACE_MS, () => {
        room = FRAMES;
        pump();
      });
    }
    const now = queue.splice(0, room);
    room -= now.length;
    now.forEach(transmit);
  };
  const sync = (): void => {
    const { frames, refused } = watches.sync(demand());
    if (refused.length > 0 && !full) {
      fail(
        new PresenceError(
          'invalid_options',
          `[presence/client] Too many users are watched: ${refused.length} have no room. Watch those on screen only.`,
        ),
      );
    }
    full = refused.length > 0;
    queue = [...queue, ...frames];
    pump();
  };
  return { sync };
};

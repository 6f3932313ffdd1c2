import type { RawSocket } from '../clients/raw-socket.ts';
import type { Stage } from '../stage.ts';

/** The fan-out window, a turn of the reaper, the way there, and a little. */
export const TOLD_WITHIN_MS = 3000;

/** Who can be told of what happens. */
export interface Listening {
  /** Whether the server's end of the socket is open: a client may not know yet that its own is dead. */
  isOpen(watcher: RawSocket): boolean;
  /** Since when nothing was in the way of what the watcher is told. */
  since(watcher: RawSocket): number;
}

export const createListening = ({ world }: Stage): Listening => {
  let stalledUntil = 0;
  const open = new Set<number>();
  const healedAt = new Map<string, number>();
  world.listen({
    stalled: (_, to) => (stalledUntil = to),
    frameOut: ({ id }) => void open.add(id),
    closed: ({ id }) => void open.delete(id),
    started: () => open.clear(),
  });
  return {
    isOpen: ({ socketId }) => open.has(socketId ?? -1),
    since: ({ line, connectedAt }) => {
      if (line.state === 'cut') healedAt.set(line.name, world.clock.now());
      return Math.max(connectedAt ?? Infinity, stalledUntil, healedAt.get(line.name) ?? 0);
    },
  };
};

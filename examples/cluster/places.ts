import type { Place } from './live.ts';

/** Who is on which node, as the proxy sees sockets open and close. */
export interface Places {
  opened(userId: string, node: number): void;
  closed(userId: string, node: number): void;
  /** They are gone, and not only their socket. */
  forget(userId: string): void;
  /** Whose last socket was there. */
  on(node: number): readonly string[];
  all(): Readonly<Record<string, Place>>;
}

interface Sockets {
  node: number;
  /** Somebody who comes back may be there before the old socket is gone. */
  open: number[];
  turn: number;
}

export const createPlaces = (): Places => {
  const sockets = new Map<string, Sockets>();
  let turn = 0;
  return {
    opened: (userId, node) => {
      const known = sockets.get(userId) ?? { node: 0, open: [], turn: 0 };
      // Who comes back to the same node keeps their place there.
      if (known.node !== node) known.turn = turn += 1;
      sockets.set(userId, { node, open: [...known.open, node], turn: known.turn });
    },
    closed: (userId, node) => {
      const known = sockets.get(userId);
      const at = known?.open.indexOf(node) ?? -1;
      if (!known || at < 0) return;
      known.open.splice(at, 1);
      known.node = known.open.at(-1) ?? known.node;
    },
    forget: (userId) => {
      if (sockets.get(userId)?.open.length === 0) sockets.delete(userId);
    },
    on: (node) => [...sockets].filter(([, known]) => known.node === node).map(([id]) => id),
    all: () =>
      Object.fromEntries(
        [...sockets].map(([id, { node, open, turn: place }]) => [
          id,
          { node, isConnected: open.length > 0, turn: place },
        ]),
      ),
  };
};

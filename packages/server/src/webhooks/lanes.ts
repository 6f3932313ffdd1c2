import { createWaitingRoom, type Lane, type Waiting } from './waiting-room.ts';

interface Parts<Item> {
  /** Of items that wait. */
  readonly most: number;
  /** Lanes that are worked on together. */
  readonly atOnce: number;
  /** One try of the first of a lane: over, or how long to wait for the next one. Never rejects. */
  attempt(item: Item): Promise<'over' | { readonly againMs: number }>;
  after(ms: number, task: () => void): void;
  /** There was no room for it any more. */
  onDropped(item: Item): void;
}

/** Works on what waits: lane beside lane, and in each lane one after the other. */
export interface Lanes<Item> {
  readonly size: number;
  push(item: Item): void;
  /** Forgets what waits; resolves when nothing is being worked on. */
  close(): Promise<void>;
}

export const createLanes = <Item extends Waiting>(parts: Parts<Item>): Lanes<Item> => {
  const { most, atOnce, attempt, after, onDropped } = parts;
  const room = createWaitingRoom(most, onDropped);
  const ready: Lane<Item>[] = [];
  const underWay = new Set<Promise<void>>();
  let isClosed = false;

  const work = async (lane: Lane<Item>): Promise<void> => {
    // A lane whose items were all dropped meanwhile has none.
    const [item] = lane.items;
    if (!item) return;
    lane.isBusy = true;
    const outcome = await attempt(item);
    lane.isBusy = false;
    if (isClosed) return;
    if (outcome !== 'over') after(outcome.againMs, () => enter(lane));
    else if (room.done(lane)) enter(lane);
  };

  const next = (): void => {
    while (underWay.size < atOnce) {
      const lane = ready.shift();
      if (!lane) return;
      const working = work(lane).finally(() => {
        underWay.delete(working);
        next();
      });
      underWay.add(working);
    }
  };

  const enter = (lane: Lane<Item>): void => {
    if (isClosed) return;
    ready.push(lane);
    next();
  };

  return {
    get size() {
      return room.size;
    },
    push: (item) => {
      const opened = isClosed ? null : room.add(item);
      if (opened) enter(opened);
    },
    close: async () => {
      isClosed = true;
      ready.length = 0;
      room.clear();
      await Promise.all(underWay);
    },
  };
};

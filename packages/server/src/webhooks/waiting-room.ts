/** One thing to be done, in order with the others of its lane. */
export interface Waiting {
  /** Things of one lane are done one after the other, each once the one before is over. */
  readonly lane: string;
}

/** What waits of one lane, oldest first. */
export interface Lane<Item> {
  readonly name: string;
  readonly items: Item[];
  /** Its first item is being worked on. */
  isBusy: boolean;
}

/** Everything that waits, within a bound. */
export interface WaitingRoom<Item> {
  readonly size: number;
  /** The lane that was opened for it; `null`: it waits behind others of its lane. */
  add(item: Item): Lane<Item> | null;
  /** Takes a lane's first item out; whether more of it wait. */
  done(lane: Lane<Item>): boolean;
  clear(): void;
}

/** How many of a lane's items may go: not the one that is being worked on. */
const droppable = ({ items, isBusy }: Lane<unknown>): number => items.length - (isBusy ? 1 : 0);

/** @param onDropped there was no room for it any more */
export const createWaitingRoom = <Item extends Waiting>(
  most: number,
  onDropped: (item: Item) => void,
): WaitingRoom<Item> => {
  const lanes = new Map<string, Lane<Item>>();
  let size = 0;

  const drop = (lane: Lane<Item>): void => {
    const [dropped] = lane.items.splice(lane.isBusy ? 1 : 0, 1);
    size -= 1;
    if (dropped) onDropped(dropped);
  };

  /** An older one of the same lane first, then one that has a newer behind it, then the oldest. */
  const makeRoom = (own: Lane<Item> | undefined): void => {
    if (own && droppable(own) > 0) return drop(own);
    const all = [...lanes.values()];
    const lane = all.find((one) => droppable(one) > 1) ?? all.find((one) => droppable(one) > 0);
    if (!lane) return;
    drop(lane);
    if (lane.items.length === 0) lanes.delete(lane.name);
  };

  return {
    get size() {
      return size;
    },
    add: (item) => {
      const known = lanes.get(item.lane);
      if (size >= most) makeRoom(known);
      size += 1;
      if (known) {
        known.items.push(item);
        return null;
      }
      const opened = { name: item.lane, items: [item], isBusy: false };
      lanes.set(item.lane, opened);
      return opened;
    },
    done: (lane) => {
      lane.items.shift();
      size -= 1;
      if (lane.items.length > 0) return true;
      lanes.delete(lane.name);
      return false;
    },
    clear: () => {
      lanes.clear();
      size = 0;
    },
  };
};

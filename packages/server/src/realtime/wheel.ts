import { TICK_MS, type LiveTime } from './live-time.ts';

/** Something that wants to be looked at later. `slot` is the wheel's own note; -1 while on none. */
export interface Timed {
  slot: number;
}

/** Deadlines of many things on one coarse timer: a number in each, instead of a timer each. */
export interface Wheel<T extends Timed> {
  /** Looks at `item` in the first tick at or after `dueAt`, of live time; replaces what was set before. */
  set(item: T, dueAt: number): void;
  cancel(item: T): void;
  readonly size: number;
  /** Those that wait, in no order. */
  all(): Iterable<T>;
  stop(): void;
}

export const createWheel = <T extends Timed>(
  time: LiveTime,
  onDue: (item: T) => void,
): Wheel<T> => {
  const slots = new Map<number, Set<T>>();
  let passed = Math.floor(time.now() / TICK_MS);
  let size = 0;

  const cancel = (item: T): void => {
    const slot = slots.get(item.slot);
    if (slot?.delete(item)) {
      size -= 1;
      if (slot.size === 0) slots.delete(item.slot);
    }
    item.slot = -1;
  };

  const set = (item: T, dueAt: number): void => {
    const number = Math.max(passed + 1, Math.ceil(dueAt / TICK_MS));
    if (item.slot === number) return;
    cancel(item);
    const slot = slots.get(number) ?? new Set<T>();
    slots.set(number, slot);
    slot.add(item);
    item.slot = number;
    size += 1;
  };

  const turn = (): void => {
    const current = Math.floor(time.now() / TICK_MS);
    while (passed < current) {
      passed += 1;
      const slot = slots.get(passed);
      slots.delete(passed);
      if (!slot) continue;
      size -= slot.size;
      for (const item of slot) item.slot = -1;
      for (const item of slot) onDue(item);
    }
  };

  const stop = time.onTick(turn);
  return {
    set,
    cancel,
    get size() {
      return size;
    },
    *all() {
      for (const slot of slots.values()) yield* slot;
    },
    stop: () => {
      stop();
      slots.clear();
    },
  };
};

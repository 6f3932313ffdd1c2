import type { Cancel, Clock } from '@presence/core';

/** Hidden pages: timers once a second, and once a minute where a timer set the timer that set it, and so on. */
const SECOND_MS = 1000;
const MINUTE_MS = 60_000;
const CHAIN = 5;

interface Waiting {
  task: (() => void) | null;
}

interface Throttle {
  waiting: Waiting[];
  cancel: Cancel | null;
}

/** When the code of one page runs: not while frozen, and its timers late while hidden. */
export interface MainThread {
  /** The page's own time: that of the world, with timers as a browser runs them. */
  readonly clock: Clock;
  /** Runs what comes from outside: a message, an answer. Waits while frozen, is not throttled. */
  run(task: () => void): void;
  setHidden(hidden: boolean): void;
  setFrozen(frozen: boolean): void;
  /** Nothing of this page ever runs again. */
  end(): void;
  /** How many timers the page has: a leak check. */
  timers(): number;
}

export const createMainThread = (world: Clock): MainThread => {
  let hidden = false;
  let frozen = false;
  let ended = false;
  let queued: Waiting[] = [];
  let depth = 0;
  const throttles = new Map<number, Throttle>();
  const timers = new Set<Waiting>();

  const flush = (waiting: Waiting[]): void => {
    for (const entry of waiting) run(entry);
  };
  const run = (entry: Waiting): void => {
    if (ended) return;
    if (frozen) queued.push(entry);
    else entry.task?.();
  };
  const flushThrottle = (period: number): void => {
    const throttle = throttles.get(period);
    throttles.delete(period);
    throttle?.cancel?.();
    flush(throttle?.waiting ?? []);
  };
  const runTimer = (entry: Waiting, chain: number): void => {
    if (!hidden) return run(entry);
    const period = chain >= CHAIN ? MINUTE_MS : SECOND_MS;
    const throttle = throttles.get(period) ?? { waiting: [], cancel: null };
    throttles.set(period, throttle);
    throttle.waiting.push(entry);
    throttle.cancel ??= world.after(period - (world.now() % period), () => flushThrottle(period));
  };
  const after = (delayMs: number, task: () => void): Cancel => {
    const chain = depth + 1;
    const entry: Waiting = {
      task() {
        timers.delete(entry);
        depth = chain;
        task();
        depth = 0;
      },
    };
    timers.add(entry);
    const cancel = world.after(delayMs, () => runTimer(entry, chain));
    return () => {
      entry.task = null;
      timers.delete(entry);
      cancel();
    };
  };
  const every = (periodMs: number, task: () => void): Cancel => {
    let cancel: Cancel = () => {};
    const again = (): void => {
      cancel = after(periodMs, () => {
        again();
        task();
      });
    };
    again();
    return () => cancel();
  };

  return {
    clock: { now: () => world.now(), after, every },
    run: (task) => run({ task }),
    setHidden(is) {
      hidden = is;
      if (!is) for (const period of Array.from(throttles.keys())) flushThrottle(period);
    },
    setFrozen(is) {
      frozen = is;
      if (is) return;
      const due = queued;
      queued = [];
      flush(due);
    },
    end() {
      ended = true;
      queued = [];
      for (const { cancel } of throttles.values()) cancel?.();
      throttles.clear();
    },
    timers: () => timers.size,
  };
};

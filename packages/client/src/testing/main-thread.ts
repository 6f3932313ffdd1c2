import type { Cancel, Clock } from '@presence/core';

const MINUTE_MS = 60_000;

interface Waiting {
  task: (() => void) | null;
}

/** When the code of one page runs: not while frozen, and its timers once a minute while hidden. */
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
  let throttled: Waiting[] = [];
  let cancelMinute: Cancel | null = null;
  const timers = new Set<Waiting>();

  const flush = (waiting: Waiting[]): void => {
    for (const entry of waiting) run(entry);
  };
  const run = (entry: Waiting): void => {
    if (ended) return;
    if (frozen) queued.push(entry);
    else entry.task?.();
  };
  const flushThrottled = (): void => {
    cancelMinute?.();
    cancelMinute = null;
    const due = throttled;
    throttled = [];
    flush(due);
  };
  const runTimer = (entry: Waiting): void => {
    if (!hidden) return run(entry);
    throttled.push(entry);
    cancelMinute ??= world.after(MINUTE_MS - (world.now() % MINUTE_MS), flushThrottled);
  };
  const after = (delayMs: number, task: () => void): Cancel => {
    const entry: Waiting = {
      task() {
        timers.delete(entry);
        task();
      },
    };
    timers.add(entry);
    const cancel = world.after(delayMs, () => runTimer(entry));
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
      if (!is) flushThrottled();
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
      throttled = [];
      cancelMinute?.();
    },
    timers: () => timers.size,
  };
};

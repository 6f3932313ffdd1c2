import type { Cancel, Clock } from '@presence/core';

/** Timers of one owner, which end together with it; afterwards none can be set any more. */
export interface Timers {
  after(delayMs: number, task: () => void): Cancel;
  every(periodMs: number, task: () => void): Cancel;
  stop(): void;
}

export const createTimers = (clock: Clock): Timers => {
  const held = new Set<Cancel>();
  let stopped = false;
  const hold = (cancel: Cancel): Cancel => {
    const release = (): void => {
      cancel();
      held.delete(release);
    };
    held.add(release);
    return release;
  };
  return {
    after(delayMs, task) {
      // Whoever is told of an end may have stopped everything before the teller goes on.
      if (stopped) return () => {};
      const release = hold(
        clock.after(delayMs, () => {
          release();
          task();
        }),
      );
      return release;
    },
    every: (periodMs, task) => (stopped ? () => {} : hold(clock.every(periodMs, task))),
    stop() {
      stopped = true;
      for (const release of held) release();
    },
  };
};

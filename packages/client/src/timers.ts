import type { Cancel, Clock } from '@presence/core';

/** Timers of one owner, which end together with it. */
export interface Timers {
  after(delayMs: number, task: () => void): Cancel;
  every(periodMs: number, task: () => void): Cancel;
  stop(): void;
}

export const createTimers = (clock: Clock): Timers => {
  const held = new Set<Cancel>();
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
      const release = hold(
        clock.after(delayMs, () => {
          release();
          task();
        }),
      );
      return release;
    },
    every: (periodMs, task) => hold(clock.every(periodMs, task)),
    stop() {
      for (const release of held) release();
    },
  };
};

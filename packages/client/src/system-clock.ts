import type { Timing } from './timers.ts';

/** The platform's time and timers. */
export const systemClock: Timing = {
  now: () => Date.now(),
  after: (delayMs, task) => {
    const timer = setTimeout(task, delayMs);
    return () => clearTimeout(timer);
  },
};

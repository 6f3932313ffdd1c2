import type { PresenceClock } from './ticker.ts';

/** The platform's time and timers. */
export const systemClock: PresenceClock = {
  now: () => Date.now(),
  after: (delayMs, task) => {
    const timer = setTimeout(task, delayMs);
    return () => clearTimeout(timer);
  },
};

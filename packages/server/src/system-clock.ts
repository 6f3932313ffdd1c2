import { setImmediate } from 'node:timers/promises';
import type { Clock } from '@presence/core';

/** The machine's time and timers. Timers never keep the process alive: the application's server does. */
export const systemClock: Clock = Object.freeze({
  now: () => Date.now(),
  after: (delayMs: number, task: () => void) => {
    const timer = setTimeout(task, delayMs);
    timer.unref();
    return () => clearTimeout(timer);
  },
  every: (periodMs: number, task: () => void) => {
    const timer = setInterval(task, periodMs);
    timer.unref();
    return () => clearInterval(timer);
  },
});

/** Lets everything else that this process was asked have its turn: requests, sockets, timers. */
export const giveWay = (): Promise<void> => setImmediate();

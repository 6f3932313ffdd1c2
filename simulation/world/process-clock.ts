import type { Cancel, Clock } from '@presence/core';

/** The time of one process of the world, which can stand still or end while the world goes on. */
export interface ProcessClock extends Clock {
  readonly state: 'running' | 'paused' | 'dead';
  /** Something from outside arrives: now, when the process runs again, or never. */
  deliver(task: () => void): void;
  pause(): void;
  /** Timers that came due run first, once each, then what arrived, as an event loop does it. */
  resume(): void;
  /** Nothing of it ever runs again. */
  kill(): void;
  /** Timers that wait: a leak check. */
  readonly timers: number;
}

interface Timer {
  isOver: boolean;
  isHeld: boolean;
  cancel: Cancel;
}

export const createProcessClock = (world: Clock): ProcessClock => {
  const timers = new Set<Timer>();
  let state: ProcessClock['state'] = 'running';
  let due: (() => void)[] = [];
  let arrived: (() => void)[] = [];

  const isRunning = (): boolean => state === 'running';

  const schedule = (start: (fire: () => void) => Cancel, isOnce: boolean, task: () => void) => {
    const timer: Timer = { isOver: false, isHeld: false, cancel: () => undefined };
    const end = (): void => {
      timer.isOver = true;
      timers.delete(timer);
      timer.cancel();
    };
    const run = (): void => {
      timer.isHeld = false;
      if (timer.isOver || state === 'dead') return;
      if (isOnce) end();
      task();
    };
    const fire = (): void => {
      if (isRunning()) return run();
      // A period that passed several times while the process stood still fires once.
      if (timer.isHeld) return;
      timer.isHeld = true;
      due.push(run);
    };
    timers.add(timer);
    timer.cancel = start(fire);
    return end;
  };

  return {
    get state() {
      return state;
    },
    now: () => world.now(),
    after: (delayMs, task) => schedule((fire) => world.after(delayMs, fire), true, task),
    every: (periodMs, task) => schedule((fire) => world.every(periodMs, fire), false, task),
    deliver: (task) => {
      if (isRunning()) task();
      else if (state === 'paused') arrived.push(task);
    },
    pause: () => {
      if (isRunning()) state = 'paused';
    },
    resume: () => {
      if (state !== 'paused') return;
      state = 'running';
      const waiting = [...due, ...arrived];
      due = [];
      arrived = [];
      for (const task of waiting) world.after(0, () => (isRunning() ? task() : undefined));
    },
    kill: () => {
      state = 'dead';
      due = [];
      arrived = [];
      for (const timer of timers) timer.cancel();
      timers.clear();
    },
    get timers() {
      return timers.size;
    },
  };
};

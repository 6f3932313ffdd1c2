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

interface TimerParts {
  isRunning(): boolean;
  isDead(): boolean;
  /** The process stands still: the timer runs when it goes on. */
  hold(run: () => void): void;
}

const createTimers = ({ isRunning, isDead, hold }: TimerParts) => {
  const timers = new Set<Timer>();
  const schedule = (
    start: (fire: () => void) => Cancel,
    isOnce: boolean,
    task: () => void,
  ): Cancel => {
    const timer: Timer = { isOver: false, isHeld: false, cancel: () => undefined };
    const end = (): void => {
      timer.isOver = true;
      timers.delete(timer);
      timer.cancel();
    };
    const run = (): void => {
      timer.isHeld = false;
      if (timer.isOver || isDead()) return;
      if (isOnce) end();
      task();
    };
    const fire = (): void => {
      if (isRunning()) return run();
      // A period that passed several times while the process stood still fires once.
      if (timer.isHeld) return;
      timer.isHeld = true;
      hold(run);
    };
    timers.add(timer);
    timer.cancel = start(fire);
    return end;
  };
  const clear = (): void => {
    for (const timer of timers) timer.cancel();
    timers.clear();
  };
  return { schedule, clear, count: () => timers.size };
};

export const createProcessClock = (world: Clock): ProcessClock => {
  let state: ProcessClock['state'] = 'running';
  let due: (() => void)[] = [];
  let arrived: (() => void)[] = [];

  const isRunning = (): boolean => state === 'running';
  const timers = createTimers({
    isRunning,
    isDead: () => state === 'dead',
    hold: (run) => void due.push(run),
  });
  const takeWaiting = (): (() => void)[] => {
    const waiting = [...due, ...arrived];
    due = [];
    arrived = [];
    return waiting;
  };

  return {
    get state() {
      return state;
    },
    now: () => world.now(),
    after: (delayMs, task) => timers.schedule((fire) => world.after(delayMs, fire), true, task),
    every: (periodMs, task) => timers.schedule((fire) => world.every(periodMs, fire), false, task),
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
      for (const task of takeWaiting()) {
        world.after(0, () => (isRunning() ? task() : undefined));
      }
    },
    kill: () => {
      state = 'dead';
      takeWaiting();
      timers.clear();
    },
    get timers() {
      return timers.count();
    },
  };
};

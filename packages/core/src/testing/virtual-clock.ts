import type { Cancel, Clock } from '../clock.ts';

/** A clock that stands still until a test moves it. */
export interface VirtualClock extends Clock {
  /**
   * Moves time forward by `ms`, running each timer at its instant, in order. Between timers it
   * waits for pending promises, so that work started by a timer is done before the next.
   */
  advance(ms: number): Promise<void>;
  /** The same up to an instant. */
  advanceTo(instant: number): Promise<void>;
  /** Moves time without running timers, as a machine that slept: overdue timers run at the next advance. */
  jump(ms: number): void;
  /** How many timers wait: a leak check. */
  pending(): number;
}

interface Timer {
  due: number;
  readonly order: number;
  readonly periodMs: number | null;
  readonly task: () => void;
}

/** Enough turns of the microtask queue for the longest chain of promises in the code under test. */
const TURNS = 24;

const flush = async (): Promise<void> => {
  for (let turn = 0; turn < TURNS; turn += 1) await Promise.resolve();
};

/**
 * @param options.startAt first instant, default 1,700,000,000,000
 * @param options.flush waits for pending work between timers; a test with real I/O passes its own
 */
export const createVirtualClock = (
  options: { readonly startAt?: number; readonly flush?: () => Promise<void> } = {},
): VirtualClock => {
  let now = options.startAt ?? 1_700_000_000_000;
  let order = 0;
  const timers = new Set<Timer>();
  const settle = options.flush ?? flush;

  const schedule = (delayMs: number, periodMs: number | null, task: () => void): Cancel => {
    order += 1;
    const timer: Timer = { due: now + Math.max(0, delayMs), order, periodMs, task };
    timers.add(timer);
    return () => timers.delete(timer);
  };

  const nextDue = (until: number): Timer | undefined => {
    let next: Timer | undefined;
    for (const timer of timers) {
      if (timer.due > until) continue;
      if (!next || timer.due < next.due || (timer.due === next.due && timer.order < next.order)) {
        next = timer;
      }
    }
    return next;
  };

  const run = (timer: Timer): void => {
    now = Math.max(now, timer.due);
    if (timer.periodMs === null) timers.delete(timer);
    else timer.due = now + Math.max(1, timer.periodMs);
    timer.task();
  };

  const advanceTo = async (instant: number): Promise<void> => {
    await settle();
    for (let timer = nextDue(instant); timer; timer = nextDue(instant)) {
      run(timer);
      await settle();
    }
    now = Math.max(now, instant);
    await settle();
  };

  return {
    now: () => now,
    after: (delayMs, task) => schedule(delayMs, null, task),
    every: (periodMs, task) => schedule(periodMs, periodMs, task),
    advance: (ms) => advanceTo(now + ms),
    advanceTo,
    jump: (ms) => {
      now += ms;
    },
    pending: () => timers.size,
  };
};

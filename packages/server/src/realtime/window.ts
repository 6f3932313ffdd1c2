import type { Cancel, Clock } from '@presence/core';

/** What changes within it travels together. */
export interface Window {
  /** Something changed: the window begins, unless it is open; it lasts so long at least. */
  open(leastMs?: number): void;
  /**
   * Somebody begins to watch. `null`: whenever they like. While a crowd comes, resolves after the
   * next flush: what changes until then is in their snapshot, and need not follow it.
   */
  arrived(): Promise<void> | null;
  stop(): void;
}

/**
 * After a flush that took long, as when everybody comes back at once, the next window is longer by
 * this factor: fan-out leaves a node most of its time, and what waits is merged.
 */
const REST_FACTOR = 4;

const LONGEST_WINDOW_MS = 500;

/**
 * When so many began to watch during a window, it goes on for another one, and so on while they
 * come. Each of a crowd would else hear of each in many small frames; so they hear of all in few.
 */
const CROWD = 20;

/** A crowd waits no longer than this for what changed. */
const CROWD_WINDOW_MS = 1000;

/** A step of a window that goes on, where the policy has no window at all. */
const LEAST_STEP_MS = 50;

/** Whether a crowd is coming, and who of it waits for the flush. */
const createCrowd = (windowMs: number) => {
  const stepMs = Math.max(windowMs, LEAST_STEP_MS);
  let arrivals = 0;
  let grownMs = 0;
  /** The last window ended while a crowd was still coming. */
  let isComing = false;
  /** Whoever comes waits for the end of this window. */
  let isWaited = false;
  let waiting: (() => void)[] = [];

  return {
    /** For how much longer the window goes on; 0: it is over. */
    growsBy: (): number => {
      isComing = arrivals >= CROWD;
      const grows = isComing && grownMs < CROWD_WINDOW_MS;
      arrivals = 0;
      grownMs = grows ? grownMs + stepMs : 0;
      isWaited = grows;
      return grows ? stepMs : 0;
    },
    arrived: (): Promise<void> | null => {
      arrivals += 1;
      return isWaited ? new Promise((resolve) => waiting.push(resolve)) : null;
    },
    /** A window begins; it is the crowd's from its beginning where the one before was. */
    begin: (): void => {
      arrivals = 0;
      isWaited = isComing;
    },
    release: (): void => {
      const released = waiting;
      waiting = [];
      for (const resolve of released) resolve();
    },
  };
};

interface Parts {
  readonly clock: Clock;
  readonly windowMs: number;
  /** The window is over. */
  flush(): void;
}

export const createWindow = ({ clock, windowMs, flush }: Parts): Window => {
  const crowd = createCrowd(windowMs);
  let running: Cancel | null = null;
  let waitMs = windowMs;

  const end = (): void => {
    const moreMs = crowd.growsBy();
    running = moreMs > 0 ? clock.after(moreMs, end) : null;
    if (running !== null) return;
    const startedAt = clock.now();
    flush();
    const took = clock.now() - startedAt;
    waitMs = Math.max(windowMs, Math.min(took * REST_FACTOR, LONGEST_WINDOW_MS));
    crowd.release();
  };

  return {
    open: (leastMs = 0) => {
      if (running !== null) return;
      crowd.begin();
      running = clock.after(Math.max(waitMs, leastMs), end);
    },
    arrived: crowd.arrived,
    stop: () => {
      running?.();
      running = null;
      crowd.release();
    },
  };
};

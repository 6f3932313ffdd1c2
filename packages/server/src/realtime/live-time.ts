import type { Cancel, Clock } from '@presence/core';

/**
 * How long this process has been running, without the times in which it stood still.
 *
 * While the event loop is blocked, or the machine sleeps, pongs and frames wait unread. Deadlines
 * measured in this time are moved by exactly as long, so a stall of the server never reads as
 * thousands of lost clients. Milliseconds since its own start: small numbers, cheap to keep.
 */
export interface LiveTime {
  now(): number;
  /** Milliseconds that were not counted so far. */
  stalledMs(): number;
  /** Calls back each tick, after the stall before it was taken off. */
  onTick(task: () => void): Cancel;
  stop(): void;
}

/** Coarse on purpose: one timer serves every connection of the node. */
export const TICK_MS = 250;

export const createLiveTime = (clock: Clock): LiveTime => {
  const tasks = new Set<() => void>();
  let origin = clock.now();
  let expectedAt = origin + TICK_MS;
  let stalled = 0;

  const tick = (): void => {
    const at = clock.now();
    // Negative where the wall clock was stepped back: taken off as well, so this time never goes back.
    const late = at - expectedAt;
    if (Math.abs(late) > TICK_MS) {
      stalled += late;
      origin += late;
    }
    expectedAt = at + TICK_MS;
    for (const task of tasks) task();
  };

  const cancel = clock.every(TICK_MS, tick);
  return {
    // Rounded, though whole already: V8 then knows it to be a small integer, which takes no object.
    now: () => Math.round(clock.now() - origin),
    stalledMs: () => stalled,
    onTick: (task) => {
      tasks.add(task);
      return () => void tasks.delete(task);
    },
    stop: () => {
      cancel();
      tasks.clear();
    },
  };
};

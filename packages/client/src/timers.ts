import type { Cancel, Clock } from '@presence/core';

/** Time as this package uses it. */
export type Timing = Pick<Clock, 'now' | 'after'>;

/** Timers of one owner, which end together with it; afterwards none can be set any more. */
export interface Timers {
  /** @param key at most one timer of this name: it takes the place of the one before */
  after(delayMs: number, task: () => void, key?: string): Cancel;
  cancel(key: string): void;
  has(key: string): boolean;
  stop(): void;
  stopped(): boolean;
}

export const createTimers = (clock: Timing): Timers => {
  const held = new Map<unknown, Cancel>();
  let stopped = false;
  return {
    after(delayMs, task, key: unknown = {}) {
      held.get(key)?.();
      // Whoever is told of an end may have stopped everything before the teller goes on.
      if (stopped) return () => {};
      const cancel = clock.after(delayMs, () => {
        release();
        task();
      });
      const release = (): void => {
        cancel();
        if (held.get(key) === release) held.delete(key);
      };
      held.set(key, release);
      return release;
    },
    cancel: (key) => held.get(key)?.(),
    has: (key) => held.has(key),
    stop() {
      stopped = true;
      held.forEach((release) => release());
    },
    stopped: () => stopped,
  };
};

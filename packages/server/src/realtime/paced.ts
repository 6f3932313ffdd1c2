import type { LiveTime } from './live-time.ts';

/** After a run that took so long, none for this many times as long: it costs a node a few percent at most. */
const REST_FACTOR = 20;

const REST_AT_LEAST_MS = 1000;

/** Work that many ask for, done at most now and then. */
export interface Paced {
  /** Resolves when it was done lately enough; all who wait share one run. */
  fresh(): Promise<void>;
  /** The next `fresh` does it in any case. */
  expire(): void;
}

export const createPaced = (time: LiveTime, run: () => Promise<void>): Paced => {
  let restUntil = -1;
  let running: Promise<void> | null = null;

  const timed = async (): Promise<void> => {
    const startedAt = time.now();
    await run();
    const took = time.now() - startedAt;
    restUntil = time.now() + Math.max(REST_AT_LEAST_MS, took * REST_FACTOR);
  };

  return {
    fresh: async () => {
      if (running === null && time.now() < restUntil) return;
      running ??= timed().finally(() => {
        running = null;
      });
      await running;
    },
    expire: () => {
      restUntil = -1;
    },
  };
};

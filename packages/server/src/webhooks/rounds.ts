import type { Clock } from '@presence/core';

interface Parts {
  readonly clock: Clock;
  /** Does what there is to do; whether there is more of it. */
  round(): Promise<boolean>;
  onFailed(error: unknown): void;
}

/** Does something again and again, one time after the other. */
export interface Rounds {
  start(): void;
  /** Before the next round is due; many calls make one round. */
  soon(): void;
  /** Begins no other; resolves when none is under way. */
  stop(): Promise<void>;
}

/** How often there is a round anyway, for what other nodes committed. */
const EVERY_MS = 1000;
/** So that a burst of commits makes one round. */
const SOON_MS = 20;

/** What fails is tried again at the next round. */
export const createRounds = ({ clock, round, onFailed }: Parts): Rounds => {
  let underWay: Promise<void> | null = null;
  let isWanted = false;
  let isStopped = false;
  let cancelSoon: (() => void) | null = null;
  let cancelEvery = (): void => undefined;

  const run = async (): Promise<void> => {
    isWanted = false;
    try {
      if (await round()) isWanted = true;
    } catch (error) {
      onFailed(error);
    }
    if (isWanted && !isStopped) return run();
    underWay = null;
  };

  const go = (): void => {
    isWanted = true;
    if (!isStopped) underWay ??= run();
  };

  return {
    start: () => {
      cancelEvery = clock.every(EVERY_MS, go);
      go();
    },
    soon: () => {
      cancelSoon ??= clock.after(SOON_MS, () => {
        cancelSoon = null;
        go();
      });
    },
    stop: async () => {
      isStopped = true;
      cancelEvery();
      cancelSoon?.();
      await underWay;
    },
  };
};

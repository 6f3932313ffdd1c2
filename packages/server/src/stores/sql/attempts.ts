import type { Clock, Random } from '@presence/core';
import { createDeadline } from '../shared/deadline.ts';
import type { Dialect } from './dialect.ts';
import { tooLate, unavailable } from './failures.ts';

/** Does work that failed for the sake of others once more, and gives up in time. */
export type Attempts = <Answer>(work: () => Promise<Answer>) => Promise<Answer>;

const MOST = 10;
const STEP_MS = 8;

/** @param deadlineMs of all attempts together. What the last one brings about may still happen: writes carry their own end. */
export const createAttempts = (
  { clock, random, dialect }: { clock: Clock; random: Random; dialect: Dialect },
  deadlineMs: number,
): Attempts => {
  const deadline = createDeadline(clock, deadlineMs, tooLate);

  const pause = (tries: number): Promise<void> =>
    new Promise((resolve) => clock.after(random.next() * STEP_MS * tries, resolve));

  const attempt = async <Answer>(
    work: () => Promise<Answer>,
    isOver: () => boolean,
  ): Promise<Answer> => {
    for (let tries = 1; ; tries += 1) {
      try {
        return await work();
      } catch (error) {
        const meaning = dialect.meaningOf(error);
        if (meaning !== 'again' || tries === MOST || isOver()) throw unavailable(error, meaning);
      }
      await pause(tries);
      // Whoever asked was told that it was not done.
      if (isOver()) throw tooLate(deadlineMs);
    }
  };

  return async (work) => {
    let isOver = false;
    try {
      return await deadline(attempt(work, () => isOver));
    } finally {
      isOver = true;
    }
  };
};

import type { Clock } from '@presence/core';
import { tooLate } from './failures.ts';

/** Waits for a promise for so long and no longer. What it brings about may still happen: writes carry their own end. */
export type Deadline = <Answer>(work: Promise<Answer>) => Promise<Answer>;

export const createDeadline =
  (clock: Clock, deadlineMs: number): Deadline =>
  (work) =>
    new Promise((resolve, reject) => {
      const cancel = clock.after(deadlineMs, () => reject(tooLate(deadlineMs)));
      work.then(resolve, reject).finally(cancel);
    });

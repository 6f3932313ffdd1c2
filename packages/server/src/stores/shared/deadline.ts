import type { Clock, PresenceError } from '@presence/core';

/** Waits for a promise for so long and no longer. What it brings about may still happen: writes carry their own end. */
export type Deadline = <Answer>(work: Promise<Answer>) => Promise<Answer>;

/** @param tooLate makes the failure of what took longer */
export const createDeadline =
  (clock: Clock, deadlineMs: number, tooLate: (deadlineMs: number) => PresenceError): Deadline =>
  (work) =>
    new Promise((resolve, reject) => {
      const cancel = clock.after(deadlineMs, () => reject(tooLate(deadlineMs)));
      work.then(resolve, reject).finally(cancel);
    });

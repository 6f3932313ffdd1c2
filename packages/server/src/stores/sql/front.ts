import type { Instant } from '@presence/core';

/** Where leases that have to be looked at begin: none stands before. */
export interface Front {
  /** Before this instant nothing is looked for. */
  from(at: Instant): Instant;
  /** @param firstAt the first one that was met; `null`: there was none */
  saw(at: Instant, firstAt: Instant | null): void;
}

/** Everything is looked through once more so often, whatever was seen. */
const WHOLE_EVERY_MS = 60_000;
/** A lease stands behind the clock of the transaction that writes it, which nobody sees before it ends. */
const UNDER_WAY_MS = 10_000;

/**
 * What was taken from the front of an index stands there, dead, until the database cleans up, and
 * each round of the reaper would step over all of it: so it begins where the round before met the first.
 */
export const createFront = (): Front => {
  let from: Instant = 0;
  let wholeAt: Instant = -Infinity;
  return {
    from: (at) => {
      if (at - wholeAt > WHOLE_EVERY_MS || at < wholeAt) {
        wholeAt = at;
        from = 0;
      }
      return from;
    },
    saw: (at, firstAt) => {
      from = Math.max(0, Math.min(firstAt ?? at, at) - UNDER_WAY_MS);
    },
  };
};

import type { Random } from '@presence/core';

const BASE_MS = 500;
const CAP_MS = 30_000;

/** Full jitter: anything from 0 to a bound that doubles, so that clients of a restarted server spread out. */
export interface BackOff {
  nextMs(): number;
  reset(): void;
}

export const createBackOff = (random: Random): BackOff => {
  let failures = 0;
  return {
    nextMs() {
      const bound = Math.min(CAP_MS, BASE_MS * 2 ** failures);
      failures = Math.min(failures + 1, 10);
      return random.next() * bound;
    },
    reset() {
      failures = 0;
    },
  };
};

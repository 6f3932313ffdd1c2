import type { Random } from '@presence/core';
import { isFinal, isLogin, yields, type Failure } from './transports/failures.ts';
import { BACK_OFF_MS, MOST_BACK_OFF_MS, MOST_LOGINS, YIELD_MS } from './numbers.ts';

/** What was tried since the link was last good for a while, or the network changed. */
export interface Tries {
  forget(): void;
  /** @returns how long to wait before the next try; `null`: trying again cannot mend it */
  delayAfter(failure: Failure): number | null;
}

export const createTries = (random: Random): Tries => {
  let failures = 0;
  let logins = 0;
  let gone = 0;
  return {
    forget() {
      failures = logins = gone = 0;
    },
    delayAfter({ code, retryAfterMs = 0 }) {
      // A new session can be had at once, but not again and again.
      if (code === 'session_gone' && !gone++) return 0;
      if (isFinal(code) || (isLogin(code) && ++logins > MOST_LOGINS)) return null;
      // Full jitter below a bound that doubles, so that clients of a restarted server spread out.
      const bound = Math.min(MOST_BACK_OFF_MS, BACK_OFF_MS * 2 ** failures++);
      return Math.max(retryAfterMs, yields(code) ? YIELD_MS : 0) + random.next() * bound;
    },
  };
};

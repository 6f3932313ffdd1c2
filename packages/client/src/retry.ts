import type { Random } from '@presence/core';
import { forgetsSession, isFinal, isLogin, type Failure } from './transports/failures.ts';

const BASE_MS = 500;
const CAP_MS = 30_000;
const MOST_LOGINS = 3;
/** Long enough for the tab that took the session to be heard of, and for a rate to be kept. */
const YIELD_MS = 5000;

/** What was tried since the link was last good for a while, or the network changed. */
export interface Tries {
  readonly random: Random;
  sessionId: string | undefined;
  failures: number;
  logins: number;
  gone: number;
}

export const forgetTries = (tries: Tries): void => {
  tries.failures = tries.logins = tries.gone = 0;
};

/** @returns how long to wait before the next try; `null`: trying again cannot mend it */
export const delayAfter = (tries: Tries, { code, retryAfterMs = 0 }: Failure): number | null => {
  if (forgetsSession(code)) {
    // The store is left as it is: a session that was replaced lives on in the tab that took it.
    tries.sessionId = undefined;
    tries.gone += 1;
    if (code === 'session_gone' && tries.gone === 1) return 0;
  }
  if (isLogin(code)) tries.logins += 1;
  if (isFinal(code) || tries.logins > MOST_LOGINS) return null;
  const yields = code === 'session_replaced' || code === 'rate_limited';
  // Full jitter below a bound that doubles, so that clients of a restarted server spread out.
  const bound = Math.min(CAP_MS, BASE_MS * 2 ** tries.failures);
  tries.failures += 1;
  return Math.max(retryAfterMs, yields ? YIELD_MS : 0) + tries.random.next() * bound;
};

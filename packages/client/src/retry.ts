import type { Random } from '@presence/core';
import { createBackOff } from './back-off.ts';
import type { Failure } from './transports/request.ts';
import { verdictOf } from './verdict.ts';

const MOST_LOGINS = 3;
const RATE_MS = 5000;
/** Long enough for the tab that took the session to be heard of. */
const YIELD_MS = 5000;
const SOCKET_FAILURES = 2;

export type Carrier = 'websocket' | 'http';

/** When, how and whether to try again. */
export interface Retry {
  carrier(): Carrier;
  /** @returns how long to wait; `null`: trying again cannot mend it */
  after(failure: Failure): number | null;
  /** Is the session to be forgotten? */
  forgets(failure: Failure): boolean;
  /** A socket did not get through although the server answers. */
  socketFailed(): void;
  socketOpened(): void;
  /** The link has been good for a while, or the network has just changed. */
  reset(): void;
}

export const createRetry = (random: Random, mode: 'auto' | Carrier): Retry => {
  const backOff = createBackOff(random);
  let logins = 0;
  let gone = 0;
  let socketFailures = 0;
  return {
    carrier: () =>
      mode === 'auto' ? (socketFailures < SOCKET_FAILURES ? 'websocket' : 'http') : mode,
    after(failure) {
      const verdict = verdictOf(failure);
      if (verdict === 'stop') return null;
      if (verdict === 'login') {
        logins += 1;
        if (logins > MOST_LOGINS) return null;
      }
      if (verdict === 'anew') {
        gone += 1;
        if (gone === 1) return 0;
      }
      const least = verdict === 'yield' ? YIELD_MS : failure.code === 'rate_limited' ? RATE_MS : 0;
      return Math.max(failure.retryAfterMs ?? 0, least) + backOff.nextMs();
    },
    forgets: (failure) => ['anew', 'yield'].includes(verdictOf(failure)),
    socketFailed() {
      socketFailures += 1;
    },
    socketOpened() {
      socketFailures = 0;
    },
    reset() {
      backOff.reset();
      logins = 0;
      gone = 0;
    },
  };
};

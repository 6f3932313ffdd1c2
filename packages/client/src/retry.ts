import { ERRORS, type ErrorCode, type Random } from '@presence/core';
import { createBackOff } from './back-off.ts';
import type { Failure } from './transports/request.ts';

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
  /** A socket did not get through although the server answers. */
  socketFailed(): void;
  socketOpened(): void;
  /** The link has been good for a while, or the network has just changed. */
  reset(): void;
}

/** The session is gone, or another connection has it: a new one is needed. */
export const forgetsSession = ({ code }: Failure): boolean =>
  ERRORS[code as ErrorCode]?.closeCode === 4409;

const isLogin = (code: Failure['code']): boolean =>
  code === 'unauthenticated' || code === 'ticket_invalid';

/** A route that is missing may be there after a deploy; other refusals stay. */
const isFinal = (code: Failure['code']): boolean =>
  code !== 'network' && !ERRORS[code].retryable && ![404, 405].includes(ERRORS[code].httpStatus);

export const createRetry = (random: Random, mode: 'auto' | Carrier): Retry => {
  const backOff = createBackOff(random);
  let logins = 0;
  let gone = 0;
  let socketFailures = 0;
  return {
    carrier: () =>
      mode === 'auto' ? (socketFailures < SOCKET_FAILURES ? 'websocket' : 'http') : mode,
    after(failure) {
      const { code, retryAfterMs = 0 } = failure;
      if (isLogin(code)) logins += 1;
      else if (forgetsSession(failure)) gone += 1;
      else if (isFinal(code)) return null;
      if (logins > MOST_LOGINS) return null;
      if (code === 'session_gone' && gone === 1) return 0;
      const least = code === 'session_replaced' ? YIELD_MS : code === 'rate_limited' ? RATE_MS : 0;
      return Math.max(retryAfterMs, least) + backOff.nextMs();
    },
    socketFailed() {
      socketFailures += 1;
    },
    socketOpened() {
      socketFailures = 0;
    },
    reset() {
      backOff.reset();
      logins = gone = 0;
    },
  };
};

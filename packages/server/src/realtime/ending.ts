import { errorBody, kindOf, PresenceError, type Clock, type ErrorCode } from '@presence/core';
import { noteRefusal } from '../metrics/refusals.ts';
import type { Tally } from '../metrics/tally.ts';
import { OUTAGE } from '../outage.ts';
import { seldom } from '../seldom.ts';
import type { Logger } from '../types.ts';
import type { Link } from './link.ts';
import type { Outbox } from './outbox.ts';

/** Close codes of WebSocket itself (RFC 6455 and the registry that extends it). */
export const CLOSE = Object.freeze({
  normal: 1000,
  /** The server stops: come back, maybe elsewhere. */
  restart: 1012,
  tryAgainLater: 1013,
});

const SENTENCES: Partial<Record<ErrorCode, string>> = {
  account_blocked: 'This account may not be present.',
  signed_out: 'This login was signed out. Sign in again.',
  session_gone: 'This session has ended. Start a new one without a session id.',
  session_replaced: 'This session was taken over by a newer connection.',
  unauthenticated: 'This login has ended. Sign in again.',
  hello_timeout: 'No hello came in time.',
  too_slow: 'This connection does not keep up. Come back for a snapshot.',
  rate_limited: 'Too many frames.',
  store_unavailable: OUTAGE,
};

/** What a code says to whoever is at the other end. */
export const errorOf = (code: ErrorCode, message?: string): PresenceError =>
  new PresenceError(code, message ?? SENTENCES[code] ?? 'This cannot be done.');

/** Ways in which a link ends. Whatever happens, `detach` runs once and the session is looked after. */
export interface Ending {
  /** Says why, then closes. */
  fail(link: Link, error: PresenceError): void;
  close(link: Link, code: number, reason: string): void;
  /** Without a word: nobody is there to hear it. */
  cut(link: Link): void;
}

interface Parts {
  readonly logger: Logger;
  readonly tally: Pick<Tally, 'refusals'>;
  readonly outbox: Outbox;
  detach(link: Link): void;
}

export const createEnding = ({ logger, tally, outbox, detach }: Parts): Ending => {
  const close = (link: Link, code: number, reason: string): void => {
    if (link.phase === 'closed') return;
    detach(link);
    link.connection.close(code, reason);
  };
  return {
    fail: (link, error) => {
      if (link.phase === 'closed') return;
      noteRefusal(tally, 'socket', error.code);
      logger.debug({ code: error.code }, '[presence/realtime] A socket is closed.');
      const { closeCode, retryable } = kindOf(error);
      outbox.tell(link, { type: 'error', ...errorBody(error), retryable });
      close(link, closeCode || CLOSE.tryAgainLater, error.code);
    },
    close,
    cut: (link) => {
      if (link.phase === 'closed') return;
      detach(link);
      link.connection.terminate();
    },
  };
};

/** Anything thrown, as an error that may travel: nothing of an unexpected one does. */
export const createTravelling = (
  logger: Logger,
  clock: Pick<Clock, 'now'>,
): ((error: unknown) => PresenceError) => {
  const log = (err: unknown, unsaid = 0): void =>
    logger.error({ err, unsaid }, '[presence/realtime] A frame could not be acted on.');
  // A store that does not answer fails every frame of every connection.
  const logOutage = seldom(clock, log);
  return (error) => {
    if (error instanceof PresenceError && !error.message.startsWith('[presence/')) return error;
    const code = error instanceof PresenceError ? error.code : 'internal';
    const isOutage = code === 'store_unavailable';
    if (isOutage) logOutage(error);
    else log(error);
    return errorOf(code, isOutage ? undefined : 'Something went wrong here.');
  };
};

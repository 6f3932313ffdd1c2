import type { Readable } from 'node:stream';
import { isPresenceError, kindOf, PresenceError, type Clock } from '@presence/core';
import { OUTAGE } from '../outage.ts';
import { seldom } from '../seldom.ts';
import type { Logger } from '../types.ts';
import type { HttpAnswer } from './types.ts';

const NEVER_CACHED = Object.freeze({
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
});

const JSON_HEADERS = Object.freeze({
  'content-type': 'application/json; charset=utf-8',
  ...NEVER_CACHED,
});

/** An answer whose JSON is written already. */
export const jsonText = (body: string): HttpAnswer => ({
  status: 200,
  headers: JSON_HEADERS,
  body,
});

export const json = (content: unknown): HttpAnswer => jsonText(JSON.stringify(content));

/** An answer that is no JSON. */
export const plain = (body: string, contentType: string): HttpAnswer => ({
  status: 200,
  headers: { 'content-type': contentType, ...NEVER_CACHED },
  body,
});

const EVENT_HEADERS = Object.freeze({
  ...NEVER_CACHED,
  'content-type': 'text/event-stream; charset=utf-8',
  // Whoever compresses or gathers what passes would keep events back until there are many.
  'cache-control': 'no-store, no-transform',
  'x-accel-buffering': 'no',
});

/** An answer that goes on as a stream of events. */
export const events = (stream: Readable): HttpAnswer => ({
  status: 200,
  headers: EVENT_HEADERS,
  body: null,
  stream,
});

export const NO_CONTENT: HttpAnswer = Object.freeze({
  status: 204,
  headers: NEVER_CACHED,
  body: null,
});

/** What a route says to `OPTIONS`, where the application's CORS left it to us. */
export const options = (allow: string): HttpAnswer => ({
  status: 204,
  headers: { ...NEVER_CACHED, allow },
  body: null,
});

/** For the application's log, not for clients. */
const INTERNAL: ReadonlySet<string> = new Set(['internal', 'invalid_options', 'invalid_policy']);

const INTERNAL_ERROR = new PresenceError(
  'internal',
  'Something went wrong on the server. Its log says what.',
);

const retryAfter = (error: PresenceError): Readonly<Record<string, string>> =>
  [429, 503].includes(kindOf(error).httpStatus)
    ? { 'retry-after': String(Math.max(1, Math.ceil((error.retryAfterMs ?? 1000) / 1000))) }
    : {};

/** The bracket names the part of this package for logs; end users get the sentence. */
const BRACKET = /^\[presence\/[\w-]+\] /;

const isOutage = (error: unknown): error is PresenceError =>
  isPresenceError(error) && error.code === 'store_unavailable';

/** What a store says of itself tells its operator what to do. Who asks is told to come again. */
const messageOf = (error: PresenceError): string =>
  isOutage(error) && BRACKET.test(error.message) ? OUTAGE : error.message.replace(BRACKET, '');

/** An error with the headers that it has besides, as it goes out. */
export type Failure = (error: unknown, headers?: Readonly<Record<string, string>>) => HttpAnswer;

/** How errors go out. What is not meant for the client is logged, and is 500 without details. */
export const createFailure = (logger: Logger, clock: Pick<Clock, 'now'>): Failure => {
  // A store that does not answer fails every request.
  const logOutage = seldom<PresenceError>(clock, (err, unsaid) =>
    logger.error({ err, unsaid }, '[presence/http] The store did not do what was asked.'),
  );
  return (error, headers = {}) => {
    const isForClient = isPresenceError(error) && !INTERNAL.has(error.code);
    if (isOutage(error)) logOutage(error);
    if (!isForClient) logger.error({ err: error }, '[presence/http] A request failed.');
    const shown = isForClient ? error : INTERNAL_ERROR;
    return {
      status: kindOf(shown).httpStatus,
      headers: { ...JSON_HEADERS, ...retryAfter(shown), ...headers },
      body: JSON.stringify({ error: { code: shown.code, message: messageOf(shown) } }),
    };
  };
};

import type { Readable } from 'node:stream';
import { isPresenceError, kindOf, PresenceError } from '@presence/core';
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
const withoutBracket = (message: string): string => message.replace(/^\[presence\/[\w-]+\] /, '');

/** How an error goes out. What is not meant for the client is logged, and is 500 without details. */
export const failure = (
  error: unknown,
  logger: Logger,
  headers: Readonly<Record<string, string>> = {},
): HttpAnswer => {
  const isForClient = isPresenceError(error) && !INTERNAL.has(error.code);
  if (!isForClient) logger.error({ err: error }, '[presence/http] A request failed.');
  const shown = isForClient ? error : INTERNAL_ERROR;
  return {
    status: kindOf(shown).httpStatus,
    headers: { ...JSON_HEADERS, ...retryAfter(shown), ...headers },
    body: JSON.stringify({ error: { code: shown.code, message: withoutBracket(shown.message) } }),
  };
};

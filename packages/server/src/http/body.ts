import { isUtf8 } from 'node:buffer';
import { PresenceError } from '@presence/core';
import { LIMITS } from '@presence/core/protocol';
import { chain, type Soon } from '../soon.ts';
import { tooLarge } from './read-body.ts';
import type { BodyRule } from './route.ts';
import { validated } from './validated.ts';
import type { HttpRequest } from './types.ts';

const invalid = (what: string): PresenceError => new PresenceError('invalid_request', what);

const unsupported = (what: string): PresenceError =>
  new PresenceError('unsupported_media_type', what);

/** A body as JSON or, where it is so declared, as text that is JSON. */
const isAccepted = (contentType: string, acceptsText: boolean): boolean => {
  const [type = '', ...parameters] = contentType.toLowerCase().split(';');
  const isType =
    type.trim() === 'application/json' || (acceptsText && type.trim() === 'text/plain');
  return (
    isType &&
    parameters.every((parameter) => {
      const [name = '', value = ''] = parameter.trim().split('=');
      return name !== 'charset' || /^"?utf-?8"?$/.test(value.trim());
    })
  );
};

const checkHeaders = (request: HttpRequest, { maxBytes, acceptsText }: BodyRule<unknown>): void => {
  const type = request.header('content-type');
  if (type !== 'application/json' && !isAccepted(type ?? '', acceptsText)) {
    throw unsupported('The body must be JSON in UTF-8: send content-type: application/json.');
  }
  const encoding = request.header('content-encoding');
  if (encoding !== undefined && encoding.trim().toLowerCase() !== 'identity') {
    throw unsupported('The body must not be compressed.');
  }
  if (Number(request.header('content-length') ?? 0) > maxBytes) throw tooLarge(maxBytes);
};

const parsedText = (text: string): unknown => {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw invalid('The body is not JSON.');
  }
};

const parsedBytes = (bytes: Uint8Array, maxBytes: number): unknown => {
  if (bytes.length > maxBytes) throw tooLarge(maxBytes);
  if (!isUtf8(bytes)) throw invalid('The body is not UTF-8.');
  const buffer = bytes instanceof Buffer ? bytes : Buffer.from(bytes);
  const text = buffer.toString('utf8');
  return parsedText(text.charCodeAt(0) === 0xfeff ? text.slice(1) : text);
};

const REFUSED_KEYS: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);

/** Counts what a parsed value needs at least as JSON, and refuses what is too deep or poisonous. */
const measured = (value: unknown, depth: number, maxBytes: number): number => {
  if (typeof value === 'string') return value.length + 2;
  if (typeof value !== 'object' || value === null) return 1;
  if (depth >= LIMITS.depth) throw invalid(`The body is nested deeper than ${LIMITS.depth}.`);
  let size = 2;
  if (Array.isArray(value)) {
    for (const item of value) {
      size += measured(item, depth + 1, maxBytes) + 1;
      if (size > maxBytes) throw tooLarge(maxBytes);
    }
    return size;
  }
  for (const key of Object.keys(value)) {
    if (REFUSED_KEYS.has(key)) throw invalid(`"${key}" may not be a key.`);
    const item = (value as Readonly<Record<string, unknown>>)[key];
    size += key.length + 3 + measured(item, depth + 1, maxBytes);
    if (size > maxBytes) throw tooLarge(maxBytes);
  }
  return size;
};

const valueOf = (given: unknown, rule: BodyRule<unknown>, isText: boolean): unknown => {
  if (given instanceof Uint8Array) return parsedBytes(given, rule.maxBytes);
  // The application's text parser saw a beacon.
  return typeof given === 'string' && isText ? parsedText(given) : given;
};

const isTextType = (request: HttpRequest, { acceptsText }: BodyRule<unknown>): boolean =>
  acceptsText && request.header('content-type') !== 'application/json';

const NOTHING = Object.freeze({});

/**
 * The body of a request as it came, in bytes or as the application's own parser left it. None counts
 * as `{}`.
 *
 * @throws PresenceError `unsupported_media_type` or `payload_too_large`
 */
export const givenOf = (request: HttpRequest, rule: BodyRule<unknown>): Soon<unknown> => {
  const { body } = request;
  if (body === null) return NOTHING;
  checkHeaders(request, rule);
  return body.kind === 'stream' ? body.read(rule.maxBytes) : body.value;
};

/**
 * What {@link givenOf} gave, as the route takes it.
 *
 * @throws PresenceError `payload_too_large` or `invalid_request`
 */
export const taken = <Body>(given: unknown, request: HttpRequest, rule: BodyRule<Body>): Body => {
  const value = valueOf(given, rule, isTextType(request, rule));
  if (rule.isPlain?.(value)) return value;
  measured(value, 0, rule.maxBytes);
  return validated(rule.schema, value);
};

/** Both at once. */
export const bodyOf = <Body>(request: HttpRequest, rule: BodyRule<Body>): Soon<Body> =>
  chain(givenOf(request, rule), (given) => taken(given, request, rule));

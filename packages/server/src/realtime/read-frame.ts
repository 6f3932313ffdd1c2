import { PresenceError } from '@presence/core';
import {
  clientFrameSchema,
  describeIssues,
  LIMITS,
  type ClientFrame,
  type WatchFrame,
} from '@presence/core/protocol';

const refused = (message: string): PresenceError => new PresenceError('invalid_frame', message);

/** Names that would reach an object's prototype, wherever a parser or a merge is careless. */
const FORBIDDEN = new Set(['__proto__', 'constructor', 'prototype']);

const [QUOTE, BACKSLASH] = [0x22, 0x5c];

/** Braces and brackets differ in bit 5 alone, each pair in the same way. */
const isOpening = (code: number): boolean => (code | 0x20) === 0x7b;
const isClosing = (code: number): boolean => (code | 0x20) === 0x7d;

/** How deep the text is nested; by code units, for a `watch` has thousands of them. */
const depthOf = (text: string): number => {
  let depth = 0;
  let deepest = 0;
  let inText = false;
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (code === QUOTE) inText = !inText;
    else if (inText) index += code === BACKSLASH ? 1 : 0;
    else if (isOpening(code)) deepest = Math.max(deepest, (depth += 1));
    else if (isClosing(code)) depth -= 1;
  }
  return deepest;
};

const hasForbiddenKey = (value: unknown): boolean => {
  if (typeof value !== 'object' || value === null) return false;
  if (Array.isArray(value)) return value.some(hasForbiddenKey);
  return Object.entries(value).some(([key, inner]) => FORBIDDEN.has(key) || hasForbiddenKey(inner));
};

const parse = (text: string): unknown => {
  // Before parsing: a text that is nested a thousand times over is not worth building.
  if (depthOf(text) > LIMITS.depth) throw refused(`A frame may be nested ${LIMITS.depth} deep.`);
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw refused('A frame must be JSON.');
  }
};

/** Printable ASCII without escapes and without objects inside: nothing that could be deep, poisonous or no id. */
const PLAIN_WATCH = /^\{"type":"watch",[ -[\]-z|~]*\}$/;

const WATCH_KEYS = new Set(['type', 'id', 'add', 'ref']);

const isPlainId = (value: unknown): boolean =>
  typeof value === 'string' && value.length > 0 && value.length <= LIMITS.idLength;

const isPlainRef = (ref: unknown): boolean =>
  ref === undefined || (Number.isSafeInteger(ref) && (ref as number) >= 0);

/**
 * A `watch` of users as clients send it; `null`: the schema has to judge. When thousands come at
 * once, each with hundreds of ids, the schema alone would take a third of the time.
 */
const plainWatch = (text: string): WatchFrame | null => {
  if (!PLAIN_WATCH.test(text)) return null;
  let value: Partial<WatchFrame>;
  try {
    value = JSON.parse(text) as Partial<WatchFrame>;
  } catch {
    return null;
  }
  const { type, id, add, ref } = value;
  const isKnown = Object.keys(value).every((key) => WATCH_KEYS.has(key));
  if (!isKnown || type !== 'watch' || !isPlainId(id) || !isPlainRef(ref)) return null;
  const isList = Array.isArray(add) && add.length > 0 && add.length <= LIMITS.watchUsers;
  return isList && add.every(isPlainId) ? (value as WatchFrame) : null;
};

/** A frame, or why it is not acted on. */
export type ReadFrame =
  | { readonly ok: true; readonly frame: ClientFrame }
  | { readonly ok: false; readonly error: PresenceError; readonly ref: number | undefined };

/** Frames that may be refused without the link: their sender speaks the protocol, with a wrong value in it. */
const CORRECTABLE = new Set<unknown>(['activity', 'status', 'visibility', 'watch', 'unwatch']);

/**
 * What a client sent. A wrong value in a known frame is the answer to that frame alone: a link that
 * were closed for it would come back with the same.
 *
 * @throws PresenceError `invalid_frame` for what is not of the protocol
 */
export const readFrame = (text: string): ReadFrame => {
  const watch = plainWatch(text);
  if (watch) return { ok: true, frame: watch };
  const value = parse(text);
  if (hasForbiddenKey(value)) throw refused('A frame holds a key that is not allowed.');
  const result = clientFrameSchema.safeParse(value);
  if (result.success) return { ok: true, frame: result.data };
  const what = describeIssues(result.error);
  const { type, ref } = (value ?? {}) as { readonly type?: unknown; readonly ref?: unknown };
  if (!CORRECTABLE.has(type)) throw refused(`Not a frame of this protocol: ${what}`);
  return {
    ok: false,
    error: new PresenceError('invalid_request', what),
    ref: Number.isSafeInteger(ref) ? (ref as number) : undefined,
  };
};

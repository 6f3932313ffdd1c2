import type { Buffer } from 'node:buffer';
import { PresenceError } from '@presence/core';
import {
  clientFrameSchema,
  describeIssues,
  LIMITS,
  type ClientFrame,
  type WatchFrame,
} from '@presence/core/protocol';
import { writtenIdsAt, type WrittenIds } from './written-ids.ts';

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

/** A `watch` whose ids may still be part of its text. */
export interface ReadWatch extends Omit<WatchFrame, 'add'> {
  readonly add?: readonly string[] | WrittenIds | undefined;
}

/** What a client says, as far as it had to be read. */
export type Frame = Exclude<ClientFrame, WatchFrame> | ReadWatch;

/** What stands before the ids of a watch as clients write it, and what behind them. */
const BEFORE_IDS = /^\{"type":"watch","id":"([ !#-[\]-~]{1,128})","add":\["/;
const BEHIND_IDS = /^(?:,"ref":(0|[1-9]\d{0,14}))?\}$/;

/** Longer than what stands before the ids. */
const BEFORE_BYTES = 192;

const ID_LIMITS = { longest: LIMITS.idLength, most: LIMITS.watchUsers };

/** A `watch` of users exactly as clients write it; `null`: the schema has to judge. */
const plainWatch = (bytes: Buffer): ReadWatch | null => {
  const before = BEFORE_IDS.exec(bytes.toString('latin1', 0, BEFORE_BYTES));
  if (before === null) return null;
  const written = writtenIdsAt(bytes, before[0].length, ID_LIMITS);
  if (written === null) return null;
  const behind = BEHIND_IDS.exec(bytes.toString('latin1', written.end));
  if (behind === null) return null;
  const [, ref] = behind;
  return {
    type: 'watch',
    id: before[1] ?? '',
    add: written.ids,
    ...(ref !== undefined && { ref: Number(ref) }),
  };
};

/** A frame, or why it is not acted on. */
export type ReadFrame =
  | { readonly ok: true; readonly frame: Frame }
  | { readonly ok: false; readonly error: PresenceError; readonly ref: number | undefined };

/** Frames that may be refused without the link: their sender speaks the protocol, with a wrong value in it. */
const CORRECTABLE = new Set<unknown>([
  'activity',
  'status',
  'visibility',
  'watch',
  'unwatch',
  'join',
  'leave',
  'typing',
]);

/**
 * What a client sent, as text or as its bytes. A wrong value in a known frame is the answer to that frame alone: a link that
 * were closed for it would come back with the same.
 *
 * @throws PresenceError `invalid_frame` for what is not of the protocol
 */
export const readFrame = (content: string | Buffer): ReadFrame => {
  const watch = typeof content === 'string' ? null : plainWatch(content);
  if (watch) return { ok: true, frame: watch };
  const value = parse(content.toString());
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

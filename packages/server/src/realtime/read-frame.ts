import { PresenceError } from '@presence/core';
import {
  clientFrameSchema,
  describeIssues,
  LIMITS,
  type ClientFrame,
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

/**
 * What a client sent, if it is of the protocol.
 *
 * @throws PresenceError `invalid_frame`, with a sentence that says where and why
 */
export const readFrame = (text: string): ClientFrame => {
  const value = parse(text);
  if (hasForbiddenKey(value)) throw refused('A frame holds a key that is not allowed.');
  const result = clientFrameSchema.safeParse(value);
  if (!result.success) {
    throw refused(`Not a frame of this protocol: ${describeIssues(result.error)}`);
  }
  return result.data;
};

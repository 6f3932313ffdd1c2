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

const depthOf = (text: string): number => {
  let depth = 0;
  let deepest = 0;
  let inText = false;
  for (let index = 0; index < text.length; index += 1) {
    const character = text[index];
    if (inText) {
      if (character === '\\') index += 1;
      else if (character === '"') inText = false;
    } else if (character === '"') inText = true;
    else if (character === '{' || character === '[') {
      depth += 1;
      if (depth > deepest) deepest = depth;
    } else if (character === '}' || character === ']') depth -= 1;
  }
  return deepest;
};

const hasForbiddenKey = (value: unknown): boolean =>
  typeof value === 'object' &&
  value !== null &&
  Object.entries(value).some(([key, inner]) => FORBIDDEN.has(key) || hasForbiddenKey(inner));

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

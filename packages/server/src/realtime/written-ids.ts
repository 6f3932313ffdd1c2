import type { Buffer } from 'node:buffer';
import { FNV_BASIS, mixed } from './fnv.ts';

/**
 * Ids as they stand in a frame, between the quotes of a JSON array: printable ASCII without escapes,
 * so that the bytes are the id. When thousands come at once, each with hundreds of ids that this node
 * knows already, making a string of each would take most of the time.
 */
export interface WrittenIds {
  readonly bytes: Buffer;
  /** Behind the first quote. */
  readonly start: number;
  readonly count: number;
}

interface Limits {
  readonly longest: number;
  readonly most: number;
}

export const QUOTE = 0x22;

const [BACKSLASH, COMMA, CLOSING] = [0x5c, 0x2c, 0x5d];

/** Printable ASCII. */
const [FIRST, LAST] = [0x20, 0x7e];

/** `","` stands between two ids. */
export const BETWEEN = 3;

/** Where the id ends; -1: its bytes are not the id itself, or there are none or too many. */
const endOfId = (bytes: Buffer, start: number, longest: number): number => {
  const last = Math.min(bytes.length - 1, start + longest);
  for (let at = start; at <= last; at += 1) {
    const byte = bytes[at]!;
    if (byte === QUOTE) return at > start ? at : -1;
    if (byte === BACKSLASH || byte < FIRST || byte > LAST) return -1;
  }
  return -1;
};

/**
 * The ids of an array whose first quote is before `start`, and where the array ends; `null`:
 * something else stands there, or there are more or longer ones than the limits allow.
 */
export const writtenIdsAt = (
  bytes: Buffer,
  start: number,
  { longest, most }: Limits,
): { readonly ids: WrittenIds; readonly end: number } | null => {
  let from = start;
  for (let count = 1; count <= most; count += 1) {
    const end = endOfId(bytes, from, longest);
    if (end < 0) return null;
    if (bytes[end + 1] === CLOSING) return { ids: { bytes, start, count }, end: end + 2 };
    if (bytes[end + 1] !== COMMA || bytes[end + 2] !== QUOTE) return null;
    from = end + BETWEEN;
  }
  return null;
};

/** A hash of the bytes of one id. */
export const hashOf = (bytes: Uint8Array, from: number, to: number): number => {
  let hash = FNV_BASIS;
  for (let at = from; at < to; at += 1) hash = mixed(hash, bytes[at]!);
  return hash;
};

export const idsOf = ({ bytes, start, count }: WrittenIds): readonly string[] => {
  const cut: string[] = [];
  let from = start;
  while (cut.length < count) {
    const to = bytes.indexOf(QUOTE, from);
    cut.push(bytes.toString('latin1', from, to));
    from = to + BETWEEN;
  }
  return cut;
};

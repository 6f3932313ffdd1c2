import type { Instant } from '@presence/core';
import type { HeartbeatRequest } from '@presence/core/protocol';
import type { Standing } from '../../engine/types.ts';
import type { Bucket } from '../../security/types.ts';

/** The words of a heartbeat, and where its number stands among them. */
interface Words {
  readonly bytes: Uint8Array;
  readonly from: number;
  readonly to: number;
}

/** A heartbeat that was answered. The next one of its session says the same but for its number. */
export interface KnownBeat extends Words {
  readonly request: HeartbeatRequest;
  readonly issuedAt: Instant | undefined;
  readonly standing: Standing;
  /** Of its session, in the limit of beats. */
  readonly bucket: Bucket;
  /** The answer up to its instant. */
  readonly head: string;
}

/** A user with more pages over HTTP at once has the beats of some of them judged anew each time. */
const MOST_KNOWN = 4;

const NAME = Buffer.from('"seq":');
const [ZERO, NINE, COMMA, CLOSE] = [0x30, 0x39, 0x2c, 0x7d];

/** Of more digits the value might not be the one that is written. */
const MOST_DIGITS = 15;

const isDigit = (byte: number | undefined): boolean =>
  byte !== undefined && byte >= ZERO && byte <= NINE;

const endOfDigits = (bytes: Uint8Array, from: number): number => {
  let end = from;
  while (isDigit(bytes[end])) end += 1;
  return end;
};

/** As JSON has whole numbers: no sign, no leading zero; -1 where something else stands. */
const numberAt = (bytes: Uint8Array, from: number, to: number): number => {
  const digits = to - from;
  if (digits === 0 || digits > MOST_DIGITS || (digits > 1 && bytes[from] === ZERO)) return -1;
  let number = 0;
  for (let index = from; index < to; index += 1) number = number * 10 + (bytes[index]! - ZERO);
  return number;
};

/**
 * Where the number of a heartbeat stands in a body that was valid; `null` where that is not plain.
 * A valid body is flat, and a quote inside of a text has a backslash before it: the name with its
 * quotes can be nothing but the key.
 */
export const wordsOf = (given: Uint8Array, seq: number): Words | null => {
  // A copy of its own: a Buffer would keep the pool that it is a part of.
  const bytes = new Uint8Array(given);
  const text = Buffer.from(bytes.buffer);
  const at = text.indexOf(NAME);
  if (at < 0 || text.indexOf(NAME, at + 1) >= 0) return null;
  const from = at + NAME.length;
  const to = endOfDigits(bytes, from);
  // A fraction or an exponent would go on behind the digits.
  const isWhole = bytes[to] === COMMA || bytes[to] === CLOSE;
  return isWhole && numberAt(bytes, from, to) === seq ? { bytes, from, to } : null;
};

/** The number in a body of these very words; -1 for any other body. */
export const numberIn = ({ bytes, from, to }: Words, given: Uint8Array): number => {
  for (let index = 0; index < from; index += 1) if (given[index] !== bytes[index]) return -1;
  const end = endOfDigits(given, from);
  const shift = end - to;
  if (given.length !== bytes.length + shift) return -1;
  for (let index = to; index < bytes.length; index += 1) {
    if (given[index + shift] !== bytes[index]) return -1;
  }
  return numberAt(given, from, end);
};

/** Puts a beat in the place of the one that its session had before. */
export const rememberBeat = (beats: KnownBeat[], beat: KnownBeat): void => {
  const at = beats.findIndex(({ request }) => request.sessionId === beat.request.sessionId);
  if (at >= 0) beats[at] = beat;
  else beats.unshift(beat);
  if (beats.length > MOST_KNOWN) beats.pop();
};

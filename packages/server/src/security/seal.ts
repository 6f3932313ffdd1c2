import { createHmac, timingSafeEqual } from 'node:crypto';
import { createHmacOf } from './hmac.ts';

/** Signed, readable tokens of one purpose: a token of another purpose never opens. */
export interface Seal {
  seal(content: unknown): string;
  /** What was sealed, or `undefined` if this secret and purpose did not seal it. */
  open(token: string): unknown;
}

/** Content and code in base64url: code and comparison look at the low bytes alone, so nothing beyond ASCII may pass. */
const SPELLING = /^[\w-]*\.[\w-]*$/;

/**
 * HMAC-SHA256 over the encoded content, with a key derived for each purpose, so that a leave token
 * can never be shown as a ticket however similar their contents are.
 *
 * @param macCharacters how much of the code is kept, 6 bits each; 22 where a forged token would gain nothing
 */
export const createSeal = (secret: string, purpose: string, macCharacters = 43): Seal => {
  const hmacOf = createHmacOf(createHmac('sha256', secret).update(purpose).digest());
  const codeOf = (content: string): string => hmacOf(content).slice(0, macCharacters);

  // Compared as text: base64 has several spellings of the same bytes, and only ours may pass.
  const isEqual = (given: string, expected: string): boolean => {
    const a = Buffer.from(given, 'latin1');
    const b = Buffer.from(expected, 'latin1');
    return a.length === b.length && timingSafeEqual(a, b);
  };

  return {
    seal: (content) => {
      const text = Buffer.from(JSON.stringify(content), 'utf8').toString('base64url');
      return `${text}.${codeOf(text)}`;
    },
    open: (token) => {
      const dot = token.indexOf('.');
      if (dot < 0 || !SPELLING.test(token)) return undefined;
      const text = token.slice(0, dot);
      if (!isEqual(token.slice(dot + 1), codeOf(text))) return undefined;
      return JSON.parse(Buffer.from(text, 'base64url').toString('utf8')) as unknown;
    },
  };
};

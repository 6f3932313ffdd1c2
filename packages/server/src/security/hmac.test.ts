import { createHmac, randomBytes } from 'node:crypto';
import { expect, it } from 'vitest';
import { createHmacOf } from './hmac.ts';

it.each([0, 1, 31, 55, 56, 64, 200, 4096, 4097, 20_000])(
  'is the HMAC of node:crypto for a text of %i characters',
  (length) => {
    for (const keyBytes of [16, 32, 64]) {
      const key = randomBytes(keyBytes);
      const code = createHmacOf(key);
      const text = randomBytes(length).toString('base64url').slice(0, length);
      const expected = createHmac('sha256', key).update(text).digest('base64url');
      expect(code('something before it, and longer than that')).not.toBe(expected);
      expect(code(text)).toBe(expected);
    }
  },
);

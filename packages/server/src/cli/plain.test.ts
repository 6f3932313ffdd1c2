import { expect, it } from 'vitest';
import { jsonLine, plain } from './plain.ts';

const EVIL = 'a\u001b[2Jb\u009b31mc\u202ed\r\u0007';

it('what users typed moves no cursor', () => {
  expect(plain(EVIL)).toBe('a\ufffd[2Jb\ufffd31mc\ufffdd\ufffd\ufffd');
  expect(plain('“Grüße” 🦄\tx')).toBe('“Grüße” 🦄\tx');
});

it('the same holds in JSON, which reads as what they typed', () => {
  const line = jsonLine({ message: EVIL });
  // oxlint-disable-next-line no-control-regex -- none of them is left
  expect(line).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e]/);
  expect(JSON.parse(line)).toEqual({ message: EVIL });
});

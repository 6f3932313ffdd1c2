import { expect, it } from 'vitest';
import { createSeal } from './seal.ts';

const { seal, open } = createSeal('a secret of this test, and of no other', 'test');

it('opens what it sealed, and nothing else', () => {
  const content = { id: 7, name: 'Jörg' };
  const token = seal(content);
  expect(open(token)).toEqual(content);
  expect(open(`${token}A`)).toBeUndefined();
  expect(open(token.slice(1))).toBeUndefined();
  expect(open(token.replace('.', ''))).toBeUndefined();
  expect(createSeal('a secret of this test, and of no other', 'other').open(token)).toBeUndefined();
});

it('takes no character for another: one with the same low byte is not the same', () => {
  const token = seal({ userId: 'ada' });
  const dot = token.indexOf('.');
  for (let place = 0; place < token.length; place += 1) {
    const alike = String.fromCharCode(0x100 + token.charCodeAt(place));
    const forged = token.slice(0, place) + alike + token.slice(place + 1);
    expect(open(forged), `at ${place}, the dot at ${dot}`).toBeUndefined();
  }
});

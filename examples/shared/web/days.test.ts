import { expect, test } from 'vitest';
import { dayOf } from './days.ts';

const at = (text: string): number => new Date(text).getTime();

test('a day is called by how far it is, from midnight to midnight', () => {
  const now = at('2026-03-30T00:10:00');
  expect(dayOf(at('2026-03-30T00:00:00'), now)).toBe('Today');
  expect(dayOf(at('2026-03-29T23:59:59'), now)).toBe('Yesterday');
  expect(dayOf(at('2026-03-29T00:00:00'), now)).toBe('Yesterday');
  expect(dayOf(at('2026-03-28T12:00:00'), now)).toBe('Saturday, March 28');
});

import { expect, it } from 'vitest';
import { createCallers } from './callers.ts';

const keyOf = (index: number) => ({ tenant: `tenant-${index % 3}`, userId: `user-${index}` });

it('knows again whom it was told to keep, and nobody else', () => {
  const callers = createCallers();
  const caller = callers.of(keyOf(1));
  expect(callers.of(keyOf(1))).not.toBe(caller);
  callers.keep(caller);
  expect(callers.of(keyOf(1))).toBe(caller);
  expect(callers.of({ ...keyOf(1), tenant: 'other' })).not.toBe(caller);
});

it('S20: forgets those who were away for longest, and never keeps more than it may', () => {
  const callers = createCallers(100);
  const steady = callers.of(keyOf(0));
  const all = Array.from({ length: 1000 }, (_, index) => callers.of(keyOf(index + 1)));
  callers.keep(steady);
  for (const caller of all) {
    callers.keep(caller);
    expect(callers.of(steady.key)).toBe(steady);
  }
  const known = all.filter((caller) => callers.of(caller.key) === caller);
  expect(known.length).toBeGreaterThanOrEqual(48);
  expect(known.length).toBeLessThanOrEqual(100);
  expect(callers.of(keyOf(1000))).toBe(all.at(-1));
});

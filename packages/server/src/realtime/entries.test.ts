import { Buffer } from 'node:buffer';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createEntries } from './entries.ts';
import { idsOf, writtenIdsAt, type WrittenIds } from './written-ids.ts';

const LIMITS = { longest: 128, most: 1000 };

const written = (ids: readonly string[]): WrittenIds => {
  const read = writtenIdsAt(Buffer.from(JSON.stringify(ids)), 2, LIMITS);
  if (read === null) throw new Error('These ids are not plain.');
  return read.ids;
};

/** Few names, so that users come again, and some of every length. */
const id = fc.oneof(
  fc.nat(300).map((number) => `user-${number}`),
  fc.string({ minLength: 1, maxLength: 128 }).filter((text) => /^[ !#-[\]-~]+$/.test(text)),
);

const ids = fc.array(id, { minLength: 1, maxLength: 40 });

describe('users by number', () => {
  it('are the same whether their ids are strings or stand in a frame', () => {
    const step = fc.record({ ids, isForgotten: fc.boolean() });
    const property = fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      const entries = createEntries();
      for (const { ids: userIds, isForgotten } of steps) {
        expect(idsOf(written(userIds))).toEqual(userIds);
        const numbers = entries.numbersOf(written(userIds));
        const names = entries.withNumbers(numbers).map(({ userId }) => userId);
        expect(names.toSorted()).toEqual([...new Set(userIds)].toSorted());
        expect(numbers).toEqual(entries.numbersOf(userIds));
        expect(numbers).toEqual(numbers.toSorted());
        if (isForgotten) for (const entry of entries.withNumbers(numbers)) entries.forget(entry);
      }
    });
    fc.assert(property, { numRuns: 200 });
  });

  it('S15: nobody is taken for another who has their number now', () => {
    const entries = createEntries();
    const [before] = entries.withNumbers(entries.numbersOf(written(['ada'])));
    entries.forget(before!);
    const grace = entries.entryOf('grace');
    expect(grace.number).toBe(before?.number);
    const [again] = entries.withNumbers(entries.numbersOf(written(['ada'])));
    expect(again?.userId).toBe('ada');
    expect(entries.isKept(before!)).toBe(false);
  });

  it('S20: keep no more numbers than users were known at once', () => {
    const entries = createEntries();
    for (let round = 0; round < 500; round += 1) {
      const userIds = Array.from({ length: 20 }, (_, index) => `${round}-${index}`);
      const numbers = entries.numbersOf(written(userIds));
      expect(Math.max(...numbers)).toBeLessThan(20);
      for (const entry of entries.withNumbers(numbers)) entries.forget(entry);
    }
    expect(entries.byId.size).toBe(0);
  });
});

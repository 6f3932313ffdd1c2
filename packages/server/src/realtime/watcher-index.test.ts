import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createEntry, createGroup, type Group } from './audience.ts';
import { createWatcherIndex } from './watcher-index.ts';

const USERS = 30;

const entries = Array.from({ length: USERS }, (_, number) => createEntry(`user-${number}`, number));

const sets = fc
  .uniqueArray(fc.nat(USERS - 1), { minLength: 1, maxLength: 12 })
  .map((numbers) => Uint32Array.from(numbers).sort());

/** Large enough that the index is made anew several times. */
const step = fc.oneof(
  { weight: 4, arbitrary: fc.record({ add: sets, copies: fc.constantFrom(1, 1, 500) }) },
  { weight: 2, arbitrary: fc.record({ remove: fc.nat() }) },
  { weight: 2, arbitrary: fc.record({ change: sets }) },
);

describe('who watches whom, the other way round', () => {
  it('finds every audience of a changed user once, and no other', () => {
    const property = fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const index = createWatcherIndex();
      let groups: Group[] = [];
      for (const happened of steps) {
        if ('add' in happened) {
          for (let copy = 0; copy < happened.copies; copy += 1) {
            const group = createGroup(happened.add, 0);
            groups.push(group);
            index.add(group);
          }
        } else if ('remove' in happened) {
          const gone = groups[happened.remove % Math.max(1, groups.length)];
          if (!gone) continue;
          groups = groups.filter((group) => group !== gone);
          index.remove(gone);
        } else {
          const changed = Array.from(happened.change, (number) => entries[number]!);
          const met = new Map<Group, number[]>();
          index.eachOf(changed, (group, { number }) => {
            met.set(group, [...(met.get(group) ?? []), number]);
          });
          for (const group of groups) {
            const expected = [...group.numbers].filter((number) =>
              happened.change.includes(number),
            );
            expect(met.get(group) ?? []).toEqual(expected);
          }
          expect([...met.keys()].every((group) => groups.includes(group))).toBe(true);
        }
      }
    });
    fc.assert(property, { numRuns: 60 });
  });

  it('forgets audiences that are gone, also once they were counted in', () => {
    const index = createWatcherIndex();
    const groups = Array.from({ length: 1000 }, () =>
      createGroup(Uint32Array.of(1, 2, 3, 4, 5), 0),
    );
    const met = (): Set<Group> => {
      const found = new Set<Group>();
      index.eachOf([entries[2]!], (group) => found.add(group));
      return found;
    };
    for (const group of groups) index.add(group);
    for (let round = 0; round < 5; round += 1) expect(met().size).toBe(1000);
    const left = groups.splice(0, 10);
    for (const group of groups) index.remove(group);
    for (let round = 0; round < 3; round += 1) expect(met()).toEqual(new Set(left));
  });
});

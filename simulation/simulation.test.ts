import { describe, expect, it } from 'vitest';
import { PLANTED } from './faults/planted.ts';
import { PROPERTIES } from './properties/all.ts';
import regressions from './seeds.json' with { type: 'json' };
import { simulate, type Outcome } from './simulate.ts';

/** What a reader of a failed test needs. */
const verdict = ({ seed, violation, last }: Outcome): string | null =>
  violation &&
  `seed ${seed}, step ${violation.step}: ${violation.property}: ${violation.text}\n${last.slice(-20).join('\n')}`;

describe('the whole system under one seed', () => {
  it.each([1, 2, 3, 4])('holds its guarantees: seed %i', async (seed) => {
    expect(verdict(await simulate({ seed, steps: 100 }))).toBeNull();
  });

  // A change of the actions gives every seed another history: what a seed found has a test of its own beside its cause.
  it.each(regressions)('$name (seed $seed)', async ({ seed, steps }) => {
    expect(verdict(await simulate({ seed, steps }))).toBeNull();
  });

  it('repeats itself: one seed, one history', async () => {
    const [first, second] = [
      await simulate({ seed: 7, steps: 80 }),
      await simulate({ seed: 7, steps: 80 }),
    ];
    expect(second.hash).toBe(first.hash);
    expect((await simulate({ seed: 8, steps: 80 })).hash).not.toBe(first.hash);
  });
});

/** So many seeds a planted fault may hide from. */
const MOST_SEEDS = 20;

const findSeed = async (property: string, sabotage: (typeof PLANTED)[number]['sabotage']) => {
  const properties = PROPERTIES.filter(({ id }) => id === property);
  for (let seed = 1; seed <= MOST_SEEDS; seed += 1) {
    const { violation } = await simulate({ seed, steps: 120, properties, sabotage: sabotage() });
    if (violation) return violation.property;
  }
  return null;
};

describe('a planted fault is found', () => {
  it.each(PLANTED)('$property: $fault', async ({ property, sabotage }) => {
    expect(await findSeed(property, sabotage)).toBe(property);
  });

  it('for each property', () => {
    const planted = new Set(PLANTED.map(({ property }) => property));
    expect(PROPERTIES.map(({ id }) => id).filter((id) => !planted.has(id))).toEqual([]);
  });
});

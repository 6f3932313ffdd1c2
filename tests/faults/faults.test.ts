import { afterAll, describe, expect, inject, it } from 'vitest';
import type { Violation } from './check/violations.ts';
import { play } from './play.ts';
import { leftOver } from '../services/guarded.ts';
import { rotationOf } from './rotation.ts';
import { SCENARIOS } from './scenarios/all.ts';

const { scale, scenarios, text } = rotationOf(SCENARIOS, process.env, Date.now());

/** How many violations there are of each property. */
const countsOf = (violations: readonly Violation[]): Record<string, number> => {
  const counts: Record<string, number> = {};
  for (const { property } of violations) counts[property] = (counts[property] ?? 0) + 1;
  return counts;
};

/** Of violations, from first to last, so many are printed. */
const MOST = 30;

const found = inject('redisServer');
const missing = 'missing' in found ? found.missing : undefined;

describe.skipIf(missing)(`faults on real processes, ${scale.users} users`, () => {
  console.log(text);

  for (const scenario of scenarios) {
    it(`S1 S2 S3 S4 S5 S6 S12 L1 L4 L5: ${scenario.breaks}: ${scenario.holds}`, async () => {
      const { violations, figures, logs } = await play(scenario, scale);
      console.log(`${scenario.name}: ${JSON.stringify(figures)}`);
      if (violations.length > 0) console.log(`${logs}\n${JSON.stringify(countsOf(violations))}`);
      const texts = violations.map((each) => `${each.property}: ${each.text}`);
      const some = texts.filter((_, place) => place % Math.ceil(texts.length / MOST) === 0);
      expect({ count: texts.length, some }).toEqual({ count: 0, some: [] });
      expect(figures).toMatchObject({ ghosts: 0, missing: 0 });
      if (scenario.keepsLinks) expect(figures.linksLost).toBe(0);
      if (scenario.nobodyGoes) expect(figures.wentOffline).toBe(0);
    });
  }

  afterAll(() => expect(leftOver()).toEqual([]));
});

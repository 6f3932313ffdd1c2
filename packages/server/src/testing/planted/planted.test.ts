import { describe, expect, it } from 'vitest';
import { memoryStore } from '../../stores/memory/memory-store.ts';
import { CHECKS } from '../suite/checks.ts';
import { checkHistories } from '../suite/property.ts';
import { onStage, type Subject } from '../suite/stage.ts';
import { PLANTED } from './planted.ts';

const right: Subject = { create: async (clock) => ({ store: memoryStore({ clock }) }) };
const checks = Object.values(CHECKS).flat();

describe('the examples of the store suite', () => {
  it.each(PLANTED)('refuse: $bug', async ({ subject, refusedBy }) => {
    const check = checks.find(({ name }) => name === refusedBy);
    if (!check) throw new Error(`No check is called: ${refusedBy}.`);
    await onStage(right, check.run);
    await expect(onStage(subject, check.run)).rejects.toThrow();
  });
});

describe('the random histories of the store suite', () => {
  const seen = PLANTED.filter(({ inHistories }) => inHistories !== 'no');

  it.each(seen)('refuse: $bug', { timeout: 30_000 }, async ({ subject, inHistories }) => {
    const withStops = inHistories === 'with stops';
    const searched = checkHistories(subject, { runs: 500, seed: 1, shrink: false, withStops });
    await expect(searched).rejects.toThrow(/Property failed/);
  });
});

it('has planted each mistake once', () => {
  expect(new Set(PLANTED.map(({ bug }) => bug)).size).toBe(PLANTED.length);
  expect(PLANTED.length).toBeGreaterThanOrEqual(34);
});

import { describe, expect, it } from 'vitest';
import { createFront } from './front.ts';

const HOUR_MS = 3_600_000;

describe('where a round of the reaper begins', () => {
  it('is a while before the first lease that the round before met, or before now', () => {
    const front = createFront();
    expect(front.from(HOUR_MS)).toBe(0);
    front.saw(HOUR_MS, HOUR_MS - 30_000);
    expect(front.from(HOUR_MS + 1)).toBe(HOUR_MS - 40_000);
    front.saw(HOUR_MS + 1, null);
    expect(front.from(HOUR_MS + 2)).toBe(HOUR_MS - 9999);
  });

  it('is the beginning once a minute, and when the clock went back', () => {
    const front = createFront();
    front.from(HOUR_MS);
    front.saw(HOUR_MS, null);
    expect(front.from(HOUR_MS + 60_000)).toBeGreaterThan(0);
    expect(front.from(HOUR_MS + 60_001)).toBe(0);
    front.saw(HOUR_MS + 60_001, null);
    expect(front.from(HOUR_MS)).toBe(0);
  });
});

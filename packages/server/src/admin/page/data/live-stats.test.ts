import { describe, expect, it } from 'vitest';
import { KEPT_MS, withSample, type Sample } from './live-stats.ts';

const sample = (at: number, online: number): Sample => ({
  at,
  byStatus: { online, away: 0, busy: 0, dnd: 0, offline: 0 },
});

const collect = (given: readonly (readonly [at: number, online: number])[]): readonly Sample[] =>
  given.reduce<readonly Sample[]>((all, [at, online]) => withSample(all, sample(at, online)), []);

const pairs = (samples: readonly Sample[]) =>
  samples.map(({ at, byStatus }) => [at, byStatus.online]);

describe('samples of the counts', () => {
  it('keep where a level begins and ends, and nothing between', () => {
    const told = [
      [0, 5],
      [2, 5],
      [4, 5],
      [6, 5],
      [8, 7],
      [10, 7],
      [12, 7],
    ] as const;
    expect(pairs(collect(told))).toEqual([
      [0, 5],
      [6, 5],
      [8, 7],
      [12, 7],
    ]);
  });

  it('are forgotten after ten minutes, but for the one that the drawing begins in', () => {
    const told = [
      [0, 1],
      [1000, 2],
      [2000, 3],
      [KEPT_MS + 1500, 4],
    ] as const;
    expect(pairs(collect(told)).map(([at]) => at)).toEqual([1000, 2000, KEPT_MS + 1500]);
  });
});

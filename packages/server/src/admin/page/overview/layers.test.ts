import { describe, expect, it } from 'vitest';
import { KEPT_MS, type Sample } from '../data/live-stats.ts';
import { coveredMs, heightOf, layersOf } from './layers.ts';

const sample = (at: number, online: number, away: number): Sample => ({
  at,
  byStatus: { online, away, busy: 0, dnd: 0, offline: 99 },
});

describe('the course of the counts', () => {
  it('covers a minute at least and ten minutes at most', () => {
    expect(coveredMs([])).toBe(60_000);
    expect(coveredMs([sample(0, 1, 1), sample(90_000, 1, 1)])).toBe(90_000);
    expect(coveredMs([sample(0, 1, 1), sample(2 * KEPT_MS, 1, 1)])).toBe(KEPT_MS);
  });

  it('is as high as the most who were there at once', () => {
    expect(heightOf([sample(0, 3, 1), sample(1, 1, 2)])).toBe(4);
  });

  it('lays one status over another, the newest at the right edge', () => {
    const layers = layersOf([sample(0, 10, 0), sample(60_000, 5, 5)], 600, 110);
    const path = (status: string) => layers.find((layer) => layer.status === status)?.path;
    expect(path('online')).toBe('M0.0,10.0L600.0,60.0L600.0,110.0L0.0,110.0Z');
    expect(path('away')).toBe('M0.0,10.0L600.0,10.0L600.0,60.0L0.0,10.0Z');
  });
});

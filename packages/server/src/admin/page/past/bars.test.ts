import { describe, expect, it } from 'vitest';
import { barsOf } from './bars.ts';

const HOUR_MS = 3_600_000;
const nothing = { online: 0, away: 0, busy: 0, dnd: 0, offline: 0 };
const day = (byStatus: Partial<typeof nothing>) => ({
  date: '2026-06-01',
  onlineMs: 0,
  knownMs: 24 * HOUR_MS,
  byStatus: { ...nothing, ...byStatus },
});

describe('bars of days', () => {
  it('stand on each other, and a whole day is as high as the drawing', () => {
    const bars = barsOf([day({ online: 6 * HOUR_MS, away: 18 * HOUR_MS }), day({})], 100, 48);
    expect(bars).toMatchObject([
      { status: 'online', y: 36, height: 12 },
      { status: 'away', y: 0, height: 36 },
    ]);
  });

  it('never rise above the drawing, on the day that has an hour more', () => {
    const [bar] = barsOf([day({ busy: 25 * HOUR_MS })], 100, 48);
    expect(bar).toMatchObject({ y: 0, height: 48 });
  });
});

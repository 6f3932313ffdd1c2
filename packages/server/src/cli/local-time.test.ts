import { afterEach, describe, expect, it, vi } from 'vitest';
import { dateAndTimeOf, timeOf } from './local-time.ts';

afterEach(() => void vi.unstubAllEnvs());

describe('times in the terminal', () => {
  it('are those of whoever reads them', () => {
    vi.stubEnv('TZ', 'Asia/Tokyo');
    const instant = Date.UTC(2026, 10, 26, 23, 5, 9);
    expect(timeOf(instant)).toBe('08:05:09');
    expect(dateAndTimeOf(instant)).toBe('2026-11-27 08:05:09');
  });
});

import { describe, expect, it } from 'vitest';
import { ago, endOfDay, timeOrDate } from './relative-time.ts';

const NOW = Date.UTC(2026, 4, 17, 12, 0, 0);
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

describe('ago', () => {
  it.each([
    [0, 'just now'],
    [59_999, 'just now'],
    [MINUTE, '1 minute ago'],
    [59 * MINUTE + 59_999, '59 minutes ago'],
    [HOUR, '1 hour ago'],
    [DAY - 1, '23 hours ago'],
    [DAY, '1 day ago'],
    [6 * DAY, '6 days ago'],
    [7 * DAY, '1 week ago'],
    [29 * DAY, '4 weeks ago'],
    [30 * DAY, '1 month ago'],
    [364 * DAY, '12 months ago'],
    [365 * DAY, '1 year ago'],
    [800 * DAY, '2 years ago'],
  ])('%d ms: %s', (elapsedMs, text) => {
    expect(ago(NOW - elapsedMs, NOW, 'en', 'just now')).toBe(text);
  });

  it.each([
    [Date.UTC(2026, 4, 17), 'today', 'heute'],
    [Date.UTC(2026, 4, 18), 'today', 'heute'],
    [Date.UTC(2026, 4, 16), '1 day ago', 'vor 1 Tag'],
    [Date.UTC(2026, 4, 1), '2 weeks ago', 'vor 2 Wochen'],
  ])('says no more than the day where nothing else is told: %d', (at, english, german) => {
    expect(ago(at, NOW, 'en', 'just now')).toBe(english);
    expect(ago(at, NOW, 'de', 'eben')).toBe(german);
  });

  it('takes a clock that is behind for no time at all', () => {
    expect(ago(NOW + HOUR, NOW, 'en', 'just now')).toBe('just now');
  });

  it('speaks other languages', () => {
    expect(ago(NOW - 5 * MINUTE, NOW, 'de', 'eben')).toBe('vor 5 Minuten');
    expect(ago(NOW - 5 * MINUTE, NOW, 'en', 'just now')).toBe('5 minutes ago');
  });
});

describe('the end of a day', () => {
  it('is the next midnight here', () => {
    const noon = new Date(2026, 4, 17, 12).getTime();
    expect(endOfDay(noon)).toBe(new Date(2026, 4, 18).getTime());
  });

  it('decides whether a time needs its date', () => {
    const noon = new Date(2026, 4, 17, 12).getTime();
    expect(timeOrDate(noon + 3 * HOUR, noon, 'en-GB')).toBe('15:00');
    expect(timeOrDate(noon + 15 * HOUR, noon, 'en-GB')).toBe('18 May 2026, 03:00');
  });
});

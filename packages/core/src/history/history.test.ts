import { describe, expect, it } from 'vitest';
import type { Status } from '../status.ts';
import { daysOf, hoursOf, isTimeZone } from './calendar.ts';
import { createPeakCounter, peakOf } from './peak.ts';
import { spansOf } from './spans.ts';
import { timeOnline } from './time-online.ts';
import { usualHours } from './usual-hours.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

const at = (text: string): number => Date.parse(text);
const step = (text: string, status: Status) => ({ at: at(text), status });

const lengthsOf = (from: string, until: string, timeZone: string): readonly (string | number)[][] =>
  daysOf({ from: at(from), until: at(until) }, timeZone).map((day) => [
    day.date,
    (day.until - day.from) / HOUR_MS,
  ]);

describe('days of a time zone', () => {
  it('are 23 and 25 hours long where clocks change', () => {
    expect(lengthsOf('2026-03-28T12:00Z', '2026-03-30T12:00Z', 'Europe/Berlin')).toEqual([
      ['2026-03-28', 24],
      ['2026-03-29', 23],
      ['2026-03-30', 24],
    ]);
    expect(lengthsOf('2026-10-25T12:00Z', '2026-10-25T13:00Z', 'Europe/Berlin')).toEqual([
      ['2026-10-25', 25],
    ]);
    expect(lengthsOf('2026-04-05T00:00Z', '2026-04-05T01:00Z', 'Australia/Lord_Howe')).toEqual([
      ['2026-04-05', 24.5],
    ]);
  });

  it('begin at the first of two midnights', () => {
    expect(lengthsOf('2021-10-28T12:00Z', '2021-10-29T12:00Z', 'Asia/Amman')).toEqual([
      ['2021-10-28', 24],
      ['2021-10-29', 25],
    ]);
  });

  it('begin after midnight where clocks skip it, and leave out a date that nobody lived', () => {
    const [day] = daysOf(
      { from: at('2026-09-06T12:00Z'), until: at('2026-09-06T13:00Z') },
      'America/Santiago',
    );
    expect(day).toMatchObject({ date: '2026-09-06', weekday: 6, from: at('2026-09-06T04:00Z') });
    expect(lengthsOf('2011-12-29T12:00Z', '2011-12-31T12:00Z', 'Pacific/Apia')).toEqual([
      ['2011-12-29', 24],
      ['2011-12-31', 24],
      ['2012-01-01', 24],
    ]);
  });

  it('have the hours that clocks show: one of them missing in spring, one twice as long in autumn', () => {
    const hoursAt = (text: string) =>
      hoursOf(daysOf({ from: at(text), until: at(text) + 1 }, 'Europe/Berlin'), 'Europe/Berlin');
    const spring = hoursAt('2026-03-29T12:00Z');
    expect(spring.map(({ hour }) => hour)).toEqual([
      0,
      1,
      ...Array.from({ length: 21 }, (_, i) => i + 3),
    ]);
    const autumn = hoursAt('2026-10-25T12:00Z').filter(({ hour }) => hour === 2);
    expect(autumn.map(({ from, until }) => until - from)).toEqual([2 * HOUR_MS]);
  });

  it('no range has no days, and made-up zones are none', () => {
    expect(daysOf({ from: 5, until: 5 }, 'UTC')).toEqual([]);
    expect(['Europe/Berlin', 'UTC', 'Mars/Olympus', ''].map(isTimeZone)).toEqual([
      true,
      true,
      false,
      false,
    ]);
  });
});

describe('time online', () => {
  it('is counted on the day on which it was, over midnight and in the zone that is asked for', () => {
    const range = { from: at('2026-06-01T00:00Z'), until: at('2026-06-03T00:00Z') };
    const steps = [
      step('2026-06-01T20:00Z', 'online'),
      step('2026-06-01T21:00Z', 'away'),
      step('2026-06-02T02:00Z', 'offline'),
    ];
    const online = (timeZone: string) =>
      timeOnline(spansOf(steps, range), daysOf(range, timeZone)).map(
        ({ date, onlineMs, knownMs, byStatus }) =>
          [date, onlineMs / HOUR_MS, knownMs / HOUR_MS, byStatus.away / HOUR_MS] as const,
      );
    expect(online('UTC')).toEqual([
      ['2026-06-01', 4, 4, 3],
      ['2026-06-02', 2, 24, 2],
    ]);
    expect(online('Asia/Tokyo').map(([date, hours]) => [date, hours])).toEqual([
      ['2026-06-01', 0],
      ['2026-06-02', 6],
      ['2026-06-03', 0],
    ]);
  });

  it('is 23 hours for somebody who was there all of the shortest day', () => {
    const range = { from: at('2026-03-28T23:00Z'), until: at('2026-03-29T22:00Z') };
    const spans = spansOf([step('2026-03-01T00:00Z', 'online')], range);
    expect(timeOnline(spans, daysOf(range, 'Europe/Berlin'))).toMatchObject([
      { date: '2026-03-29', onlineMs: 23 * HOUR_MS, knownMs: 23 * HOUR_MS },
    ]);
  });
});

describe('usual hours', () => {
  const range = { from: at('2026-06-01T00:00Z'), until: at('2026-06-08T00:00Z') };
  const usualOf = (steps: readonly { at: number; status: Status }[]) =>
    usualHours(spansOf(steps, range), hoursOf(daysOf(range, 'UTC'), 'UTC'));
  const eachDay = (from: number, until: number) =>
    Array.from({ length: 7 }, (_, day) => range.from + day * DAY_MS).flatMap((midnight) => [
      { at: midnight + from * HOUR_MS, status: 'online' as const },
      { at: midnight + until * HOUR_MS, status: 'offline' as const },
    ]);

  it('usually online 9 to 17', () => {
    const { usual, byHour, byWeekday } = usualOf([
      { at: range.from, status: 'offline' },
      ...eachDay(9, 17),
    ]);
    expect(usual).toEqual([{ from: 9, until: 17 }]);
    expect([byHour[8], byHour[9], byHour[16], byHour[17]]).toEqual([0, 1, 1, 0]);
    expect(byWeekday.map((day) => day[12])).toEqual([1, 1, 1, 1, 1, 1, 1]);
  });

  it('runs over midnight for those who work at night, and is all day for those who never leave', () => {
    expect(usualOf(eachDay(22, 30)).usual).toEqual([{ from: 22, until: 6 }]);
    expect(usualOf([{ at: 0, status: 'busy' }]).usual).toEqual([{ from: 0, until: 24 }]);
  });

  it('says nothing where nothing is known', () => {
    const { usual, byHour } = usualOf([]);
    expect(usual).toEqual([]);
    expect(new Set(byHour)).toEqual(new Set([null]));
  });
});

describe('peaks', () => {
  it('nobody is counted twice when one comes in the moment in which another goes', () => {
    const range = { from: 0, until: DAY_MS };
    const counter = createPeakCounter(['a'], daysOf(range, 'UTC'), range);
    counter.add({ userId: 'b', status: 'online', at: 5 });
    counter.add({ userId: 'a', status: 'offline', at: 5 });
    expect(counter.days()).toEqual([{ date: '1970-01-01', peak: { count: 1, at: 0 } }]);
  });

  it('the highest of all days is the first of them; of no days there is none', () => {
    const day = (date: string, count: number, at: number) => ({ date, peak: { count, at } });
    expect(peakOf([day('a', 1, 1), day('b', 3, 2), day('c', 3, 3)])).toEqual({ count: 3, at: 2 });
    expect(peakOf([])).toBeNull();
  });
});

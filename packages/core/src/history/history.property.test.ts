import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { STATUSES, type Status } from '../status.ts';
import { daysOf, hoursOf } from './calendar.ts';
import { createPeakCounter } from './peak.ts';
import { spansOf, type StatusSpan } from './spans.ts';
import { timeOnline } from './time-online.ts';
import { usualHours } from './usual-hours.ts';

const ZONES = [
  'UTC',
  'Europe/Berlin',
  'America/New_York',
  'America/Santiago',
  'Asia/Kathmandu',
  'Australia/Lord_Howe',
  'Pacific/Apia',
  'Africa/Cairo',
  'America/Havana',
] as const;

const DAY_MS = 86_400_000;
const START = Date.UTC(2026, 0, 1);

const zone = fc.constantFrom(...ZONES);
const status = fc.constantFrom<Status>(...STATUSES);
const instant = fc.integer({ min: START, max: START + 400 * DAY_MS });
const range = fc
  .tuple(instant, fc.integer({ min: 1, max: 40 * DAY_MS }))
  .map(([from, ms]) => ({ from, until: from + ms }));

const steps = fc
  .array(fc.record({ at: instant, status }), { maxLength: 60 })
  .map((all) => all.sort((a, b) => a.at - b.at));

const total = (spans: readonly StatusSpan[]): number =>
  spans.reduce((sum, { from, until }) => sum + until - from, 0);

/** The last step by then, found the slow way. */
const statusAt = (
  all: readonly { readonly at: number; readonly status: Status }[],
  at: number,
): Status | undefined => all.findLast((step) => step.at <= at)?.status;

describe('history, for any steps', () => {
  it('spans say of each instant what its last step says, and follow each other without gaps', () => {
    fc.assert(
      fc.property(steps, range, instant, (all, asked, at) => {
        const spans = spansOf(all, asked);
        for (const [index, { from, until }] of spans.entries()) {
          expect(from).toBeLessThan(until);
          expect(from).toBe(spans[index - 1]?.until ?? from);
        }
        if (spans.length > 0) expect(spans.at(-1)?.until).toBe(asked.until);
        if (at < asked.from || at >= asked.until) return;
        const span = spans.find(({ from, until }) => from <= at && at < until);
        expect(span?.status).toBe(statusAt(all, at));
      }),
    );
  });

  it('days and their hours are a seamless division of time, in every zone and all year', () => {
    fc.assert(
      fc.property(range, zone, (asked, timeZone) => {
        const days = daysOf(asked, timeZone);
        const hours = hoursOf(days, timeZone);
        for (const cells of [days, hours]) {
          expect(cells[0]!.from).toBeLessThanOrEqual(asked.from);
          expect(cells.at(-1)!.until).toBeGreaterThanOrEqual(asked.until);
          for (const [index, { from }] of cells.entries()) {
            if (index > 0) expect(from).toBe(cells[index - 1]!.until);
          }
        }
        const clock = new Intl.DateTimeFormat('sv', {
          timeZone,
          dateStyle: 'short',
          timeStyle: 'short',
        });
        for (const { date, from, until } of days) {
          expect([clock.format(from), clock.format(until - 1)]).toEqual([
            expect.stringContaining(date),
            expect.stringContaining(date),
          ]);
        }
        for (const { hour, from, until } of hours) {
          expect(Number(clock.format(from).slice(11, 13))).toBe(hour);
          expect(Number(clock.format(until - 1).slice(11, 13))).toBe(hour);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('the time of all days is the time of the spans, whatever clocks do', () => {
    fc.assert(
      fc.property(steps, range, zone, (all, asked, timeZone) => {
        const spans = spansOf(all, asked);
        const days = daysOf(asked, timeZone);
        const times = timeOnline(spans, days);
        const known = times.reduce((sum, { knownMs }) => sum + knownMs, 0);
        const online = times.reduce((sum, { onlineMs }) => sum + onlineMs, 0);
        expect(known).toBe(total(spans));
        expect(online).toBe(total(spans.filter((span) => span.status !== 'offline')));
        times.forEach(({ onlineMs, knownMs }, index) => {
          expect(onlineMs).toBeLessThanOrEqual(knownMs);
          expect(knownMs).toBeLessThanOrEqual(days[index]!.until - days[index]!.from);
        });
        for (const part of usualHours(spans, hoursOf(days, timeZone)).byHour) {
          if (part !== null) expect(part >= 0 && part <= 1).toBe(true);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('the peak of a day is the most who are there at any instant of it', () => {
    const user = fc.constantFrom('a', 'b', 'c', 'd');
    const short = { from: START, until: START + 3 * DAY_MS };
    // Few instants, so that many steps share one, and some fall on midnight.
    const at = fc.nat({ max: 12 }).map((quarter) => START - DAY_MS + quarter * (DAY_MS / 3));
    const many = fc
      .array(fc.record({ at, status, userId: user }), { maxLength: 40 })
      .map((all) => all.sort((a, b) => a.at - b.at));
    fc.assert(
      fc.property(many, (all) => {
        const thereAt = (instant: number): string[] =>
          ['a', 'b', 'c', 'd'].filter((userId) => {
            const own = all.filter((step) => step.userId === userId);
            return (statusAt(own, instant) ?? 'offline') !== 'offline';
          });
        const days = daysOf(short, 'UTC');
        const counter = createPeakCounter(thereAt(START - 1), days, short);
        for (const step of all) if (step.at >= START && step.at < short.until) counter.add(step);
        const peaks = counter.days();
        expect(peaks.map(({ date }) => date)).toEqual(days.map(({ date }) => date));
        peaks.forEach(({ peak }, index) => {
          const { from, until } = days[index]!;
          const instants = [from, ...all.map((step) => step.at)]
            .filter((each) => each >= from && each < until)
            .sort((a, b) => a - b);
          const most = Math.max(...instants.map((each) => thereAt(each).length));
          const first = instants.find((each) => thereAt(each).length === most);
          expect(peak).toEqual({ count: most, at: first });
        });
      }),
    );
  });
});

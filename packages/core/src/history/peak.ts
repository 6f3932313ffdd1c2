import type { Instant } from '../lease.ts';
import type { Status } from '../status.ts';
import type { Day } from './calendar.ts';
import type { Range } from './spans.ts';

/** Most users who were there together, and when that was first so. */
export interface Peak {
  readonly count: number;
  readonly at: Instant;
}

export interface DayPeak {
  /** `2026-03-29`, in the time zone that was asked for. */
  readonly date: string;
  readonly peak: Peak;
}

/** A step, as it counts for many users together. */
export interface UserStep {
  readonly userId: string;
  readonly status: Status;
  readonly at: Instant;
}

/** Takes the steps of many users, for the peaks of days. */
export interface PeakCounter {
  /** In order of time; those of one user also in order of revision. */
  add(step: UserStep): void;
  /** The peak of each day; a day is counted as far as it lies in the range. */
  days(): readonly DayPeak[];
}

interface Running {
  readonly date: string;
  peak: Peak;
}

/**
 * Counts who is there as steps come in. Steps of one instant count together: nobody is missed or
 * counted twice when one leaves in the moment in which another comes.
 *
 * @param present who was there at the start of the range
 * @param days of the range, in order and without a gap
 */
export const createPeakCounter = (
  present: Iterable<string>,
  days: readonly Day[],
  range: Range,
): PeakCounter => {
  const there = new Set(present);
  const done: Running[] = [];
  let next = 0;
  let now = range.from;

  /** Days that have begun by then, with whoever was there when they did. */
  const openDays = (by: Instant): void => {
    for (; next < days.length; next += 1) {
      const { date, from } = days[next]!;
      const at = Math.max(from, range.from);
      if (at > by) return;
      done.push({ date, peak: { count: there.size, at } });
    }
  };
  /** All steps of `now` are in. */
  const finish = (): void => {
    openDays(now);
    const day = done.at(-1);
    if (day && there.size > day.peak.count) day.peak = { count: there.size, at: now };
  };

  return {
    add: ({ userId, status, at }) => {
      if (at > now) {
        finish();
        openDays(at - 1);
        now = at;
      }
      if (status === 'offline') there.delete(userId);
      else there.add(userId);
    },
    days: () => {
      finish();
      openDays(range.until - 1);
      return done.map(({ date, peak }) => ({ date, peak }));
    },
  };
};

/** The highest of the days' peaks, the first of equal ones; `null` for no days. */
export const peakOf = (days: readonly DayPeak[]): Peak | null =>
  days.reduce<Peak | null>(
    (highest, { peak }) => (highest === null || peak.count > highest.count ? peak : highest),
    null,
  );

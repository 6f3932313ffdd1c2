import { STATUSES, type Status } from '../status.ts';
import type { Day } from './calendar.ts';
import { eachOverlap, type StatusSpan } from './spans.ts';

/** What is known of one user on one day. */
export interface DayOnline {
  /** `2026-03-29`, in the time zone that was asked for. */
  readonly date: string;
  /** How long they were anything but offline, in ms. */
  readonly onlineMs: number;
  /** For how much of the day it is known how they were; less than the day at the ends of what is kept. */
  readonly knownMs: number;
  readonly byStatus: Readonly<Record<Status, number>>;
}

const nothing = (): Record<Status, number> =>
  Object.fromEntries(STATUSES.map((status) => [status, 0])) as Record<Status, number>;

/** Time online of each day, in the order of the days. */
export const timeOnline = (
  spans: readonly StatusSpan[],
  days: readonly Day[],
): readonly DayOnline[] => {
  const times = new Map(days.map((day) => [day, nothing()]));
  eachOverlap(spans, days, (day, status, ms) => {
    times.get(day)![status] += ms;
  });
  return days.map((day) => {
    const byStatus = times.get(day)!;
    const knownMs = STATUSES.reduce((sum, status) => sum + byStatus[status], 0);
    return { date: day.date, onlineMs: knownMs - byStatus.offline, knownMs, byStatus };
  });
};

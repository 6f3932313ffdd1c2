import type { Instant } from '../lease.ts';
import type { Range } from './spans.ts';

/** A day as the people of a time zone have it: 23 or 25 hours long when their clocks change. */
export interface Day extends Range {
  /** `2026-03-29` */
  readonly date: string;
  /** 0 is Monday. */
  readonly weekday: number;
}

/** An hour of a day. The one that clocks repeat in autumn is two hours long, the one they skip in spring is missing. */
export interface Hour extends Range {
  /** 0 to 23, as clocks show it. */
  readonly hour: number;
  readonly weekday: number;
}

const SECOND_MS = 1000;
const QUARTER_MS = 900_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;

/** No zone is further from UTC. */
const FURTHEST_MS = 26 * HOUR_MS;

/** Whether the platform knows a time zone of this name, such as `Europe/Berlin`. */
export const isTimeZone = (name: string): boolean => {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
};

/** What clocks of a zone show, as if it were UTC. */
type WallClock = (at: Instant) => number;

const wallClockOf = (timeZone: string): WallClock => {
  const format = new Intl.DateTimeFormat('en-u-ca-gregory-nu-latn', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  return (at) => {
    const shown: Record<string, number> = {};
    for (const { type, value } of format.formatToParts(at)) shown[type] = Number(value);
    const { year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0 } = shown;
    return Date.UTC(year, month - 1, day, hour, minute, second) + (at % SECOND_MS);
  };
};

/** Days since 1970-01-01 on the wall. */
const dayAt = (wall: WallClock, at: Instant): number => Math.floor(wall(at) / DAY_MS);

/** The first instant of a day. Where clocks skip midnight, it is the one after. */
const startOf = (wall: WallClock, day: number): Instant => {
  const midnight = day * DAY_MS;
  const near = midnight - (wall(midnight) - midnight);
  const guess = midnight - (wall(near) - near);
  if (dayAt(wall, guess) >= day && dayAt(wall, guess - 1) < day) return guess;
  let [before, after] = [midnight - FURTHEST_MS, midnight + FURTHEST_MS];
  while (after - before > 1) {
    const middle = Math.floor((before + after) / 2);
    if (dayAt(wall, middle) >= day) after = middle;
    else before = middle;
  }
  return after;
};

/** Every day that a range touches, whole. */
export const daysOf = ({ from, until }: Range, timeZone: string): readonly Day[] => {
  if (until <= from) return [];
  const wall = wallClockOf(timeZone);
  const last = dayAt(wall, until - 1);
  const days: Day[] = [];
  let number = dayAt(wall, from);
  let start = startOf(wall, number);
  for (; number <= last; number += 1) {
    const end = startOf(wall, number + 1);
    const date = new Date(number * DAY_MS).toISOString().slice(0, 10);
    // Islands that crossed the date line have a date without a day.
    if (end > start) days.push({ date, weekday: (number + 3) % 7, from: start, until: end });
    start = end;
  }
  return days;
};

const isPlain = (wall: WallClock, { from, until }: Range): boolean =>
  until - from === DAY_MS && wall(from) % DAY_MS === 0 && wall(until) % DAY_MS === 0;

/** Zones change their clocks on a quarter of an hour. */
const quartersOf = (wall: WallClock, { from, until, weekday }: Day): readonly Hour[] => {
  const hours: Hour[] = [];
  for (let start = from; start < until;) {
    const end = Math.min(until, start - (start % QUARTER_MS) + QUARTER_MS);
    const hour = Math.floor((wall(start) % DAY_MS) / HOUR_MS);
    const last = hours.at(-1);
    if (last?.hour === hour) hours[hours.length - 1] = { ...last, until: end };
    else hours.push({ hour, weekday, from: start, until: end });
    start = end;
  }
  return hours;
};

/** The hours of days, as clocks of the zone show them. */
export const hoursOf = (days: readonly Day[], timeZone: string): readonly Hour[] => {
  const wall = wallClockOf(timeZone);
  return days.flatMap((day) => {
    if (!isPlain(wall, day)) return quartersOf(wall, day);
    const { from, weekday } = day;
    return Array.from({ length: 24 }, (_, hour) => ({
      hour,
      weekday,
      from: from + hour * HOUR_MS,
      until: from + (hour + 1) * HOUR_MS,
    }));
  });
};

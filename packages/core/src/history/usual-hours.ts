import type { Hour } from './calendar.ts';
import { eachOverlap, type StatusSpan } from './spans.ts';

/** "Usually online 9 to 17": whole hours of the day; the second is not in it, and smaller than the first over midnight. */
export interface HourRange {
  readonly from: number;
  readonly until: number;
}

/** When somebody is usually there. */
export interface UsualHours {
  /** Hours in which they were there at least half of the time. */
  readonly usual: readonly HourRange[];
  /** For each of the 24 hours: which part of it they were there, 0 to 1; `null`: nothing is known. */
  readonly byHour: readonly (number | null)[];
  /** The same for each day of the week, Monday first. */
  readonly byWeekday: readonly (readonly (number | null)[])[];
}

const HOURS = 24;
const WEEKDAYS = 7;

/** There at least half of the time. */
const USUAL_SHARE = 0.5;

interface Cell {
  onlineMs: number;
  knownMs: number;
}

const share = (cells: readonly Cell[]): number | null => {
  const known = cells.reduce((sum, { knownMs }) => sum + knownMs, 0);
  return known === 0 ? null : cells.reduce((sum, { onlineMs }) => sum + onlineMs, 0) / known;
};

const rangesOf = (isUsual: readonly boolean[]): readonly HourRange[] => {
  if (isUsual.every(Boolean)) return [{ from: 0, until: HOURS }];
  const ranges: HourRange[] = [];
  isUsual.forEach((usual, from) => {
    if (!usual || isUsual.at(from - 1)) return;
    let length = 1;
    while (isUsual[(from + length) % HOURS]) length += 1;
    const end = from + length;
    ranges.push({ from, until: end > HOURS ? end - HOURS : end });
  });
  return ranges;
};

/** When a user is usually there, by the hours that clocks of the zone show. */
export const usualHours = (spans: readonly StatusSpan[], hours: readonly Hour[]): UsualHours => {
  const week = Array.from({ length: WEEKDAYS }, () =>
    Array.from({ length: HOURS }, (): Cell => ({ onlineMs: 0, knownMs: 0 })),
  );
  eachOverlap(spans, hours, ({ weekday, hour }, status, ms) => {
    const cell = week[weekday]![hour]!;
    cell.knownMs += ms;
    if (status !== 'offline') cell.onlineMs += ms;
  });
  const byHour = Array.from({ length: HOURS }, (_, hour) => share(week.map((day) => day[hour]!)));
  return {
    usual: rangesOf(byHour.map((part) => part !== null && part >= USUAL_SHARE)),
    byHour,
    byWeekday: week.map((day) => day.map((cell) => share([cell]))),
  };
};

import type { Instant } from '@presence/core';
import { MINUTE_MS } from './ticker.ts';

const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

const UNITS: readonly (readonly [Intl.RelativeTimeFormatUnit, number])[] = [
  ['year', 365 * DAY_MS],
  ['month', 30 * DAY_MS],
  ['week', 7 * DAY_MS],
  ['day', DAY_MS],
  ['hour', HOUR_MS],
  ['minute', MINUTE_MS],
];

/** Making a formatter costs far more than using it, and a page has one locale. */
let held: { readonly locale: string; readonly format: Intl.RelativeTimeFormat } | null = null;

const formatOf = (locale: string): Intl.RelativeTimeFormat => {
  if (held?.locale !== locale) held = { locale, format: new Intl.RelativeTimeFormat(locale) };
  return held.format;
};

/** A server that tells no more than the day tells its beginning, in UTC; nobody else is seen in that millisecond. */
export const isDay = (at: Instant): boolean => at % DAY_MS === 0;

/**
 * "5 minutes ago" in the largest unit that is full; `justNow` below a minute, and if `at` is still to come.
 * "today" where nothing but the day is known.
 */
export const ago = (at: Instant, now: Instant, locale: string, justNow: string): string => {
  const elapsedMs = now - at;
  if (isDay(at) && elapsedMs < DAY_MS) {
    return new Intl.RelativeTimeFormat(locale, { numeric: 'auto' }).format(0, 'day');
  }
  const unit = UNITS.find(([, ms]) => elapsedMs >= ms);
  return unit ? formatOf(locale).format(-Math.floor(elapsedMs / unit[1]), unit[0]) : justNow;
};

/** "Mar 4, 2026, 3:30 PM", in the reader's time zone; "Mar 4, 2026" where nothing but the day is known. */
export const dateAndTime = (at: Instant, locale: string): string =>
  new Date(at).toLocaleString(locale, {
    dateStyle: 'medium',
    ...(isDay(at) ? { timeZone: 'UTC' } : { timeStyle: 'short' }),
  });

/** "3:30 PM" if it is on the day of `now`, else with its date. */
export const timeOrDate = (at: Instant, now: Instant, locale: string): string =>
  at < endOfDay(now)
    ? new Date(at).toLocaleTimeString(locale, { timeStyle: 'short' })
    : dateAndTime(at, locale);

/** The next midnight in the reader's time zone. */
export const endOfDay = (at: Instant): Instant => new Date(at).setHours(24, 0, 0, 0);

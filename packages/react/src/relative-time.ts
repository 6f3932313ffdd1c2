import type { Instant } from '@presence/core';
import { MINUTE_MS } from './ticker.ts';

const DAY_MS = 86_400_000;

/** In minutes, as plain numbers: what has to be reckoned out stays in pages that show no times. */
const UNITS: readonly (readonly [Intl.RelativeTimeFormatUnit, number])[] = [
  ['year', 525_600],
  ['month', 43_200],
  ['week', 10_080],
  ['day', 1440],
  ['hour', 60],
  ['minute', 1],
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
  const minutes = elapsedMs / MINUTE_MS;
  const unit = UNITS.find(([, length]) => minutes >= length);
  return unit ? formatOf(locale).format(-Math.floor(minutes / unit[1]), unit[0]) : justNow;
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

import type { Instant } from '@presence/core';

const two = (number: number): string => String(number).padStart(2, '0');

/** "14:05:09", where whoever reads it is: as the clock of this machine shows it. */
export const timeOf = (instant: Instant): string => {
  const at = new Date(instant);
  return [at.getHours(), at.getMinutes(), at.getSeconds()].map(two).join(':');
};

/** "2026-11-27 14:05:09", likewise. */
export const dateAndTimeOf = (instant: Instant): string => {
  const at = new Date(instant);
  const day = [String(at.getFullYear()), two(at.getMonth() + 1), two(at.getDate())].join('-');
  return `${day} ${timeOf(instant)}`;
};

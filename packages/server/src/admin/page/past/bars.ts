import type { DayOnline, Status } from '@presence/core';

/** From the bottom up. Who is offline is no part of the time that they were there. */
const STACK: readonly Exclude<Status, 'offline'>[] = ['online', 'busy', 'dnd', 'away'];

const DAY_MS = 86_400_000;

/** A part of a day's bar. */
export interface Bar {
  readonly status: Status;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Bars of the days in a drawing of `width` by `height`, of which the full height is a day. */
export const barsOf = (
  days: readonly DayOnline[],
  width: number,
  height: number,
): readonly Bar[] => {
  const step = width / Math.max(1, days.length);
  return days.flatMap(({ byStatus }, index) => {
    let bottom = height;
    return STACK.flatMap((status): readonly Bar[] => {
      // An hour more than a day has is over the edge once a year.
      const tall = Math.min(bottom, (byStatus[status] / DAY_MS) * height);
      if (tall <= 0) return [];
      bottom -= tall;
      return [
        { status, x: index * step + step * 0.12, y: bottom, width: step * 0.76, height: tall },
      ];
    });
  });
};

import { LIMITS, type RoomMode } from '@presence/core/protocol';

/** A room that became larger than a bound goes back only when it is clearly smaller: else it would go to and fro. */
const BACK_AT = 0.9;

const ORDER: readonly RoomMode[] = ['full', 'compact', 'count'];

const most: Readonly<Record<RoomMode, number>> = Object.freeze({
  full: LIMITS.roomFullRows,
  compact: LIMITS.roomCompactRows,
  count: Infinity,
});

/** What is told of a room with so many members, of which `now` is told so far. */
export const modeFor = (count: number, now: RoomMode): RoomMode => {
  const fits = ORDER.find((mode) => count <= most[mode]) ?? 'count';
  const isBack = ORDER.indexOf(fits) < ORDER.indexOf(now);
  return isBack && count > most[fits] * BACK_AT ? modeAbove(fits) : fits;
};

const modeAbove = (mode: RoomMode): RoomMode => (mode === 'full' ? 'compact' : 'count');

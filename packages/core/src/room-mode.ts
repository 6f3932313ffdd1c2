import type { RoomMode } from './protocol/room-frames.ts';

/** Members of a room up to whom each is told in full, and up to whom as a compact row; beyond, their number. */
export const FULL_ROWS = 1000;
export const COMPACT_ROWS = 20_000;

/** A room that became larger than a bound goes back only when it is clearly smaller: else it would go to and fro. */
const BACK_AT = 0.9;

const ORDER: readonly RoomMode[] = ['full', 'compact', 'count'];

const mostIn = (mode: RoomMode): number =>
  mode === 'full' ? FULL_ROWS : mode === 'compact' ? COMPACT_ROWS : Infinity;

/** What is told of a room with so many members, of which `now` is told so far. */
export const roomModeFor = (count: number, now: RoomMode): RoomMode => {
  const fits = ORDER.find((mode) => count <= mostIn(mode)) ?? 'count';
  const isBack = ORDER.indexOf(fits) < ORDER.indexOf(now);
  return isBack && count > mostIn(fits) * BACK_AT ? modeAbove(fits) : fits;
};

const modeAbove = (mode: RoomMode): RoomMode => (mode === 'full' ? 'compact' : 'count');

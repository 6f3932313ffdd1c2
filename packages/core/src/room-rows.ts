import { compactRow, fullRow, type CompactRow, type FullRow, type Presence } from './project.ts';
import type { RoomMode } from './protocol/room-frames.ts';

/** As much of each of these members as is told in a room of this mode. */
export const roomRows = (
  mode: RoomMode,
  members: readonly Presence[],
): readonly (FullRow | CompactRow)[] => {
  if (mode === 'count') return [];
  return mode === 'full' ? members.map(fullRow) : members.map(compactRow);
};

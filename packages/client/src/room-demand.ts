import { fitsMeta } from '@presence/core';
import { ROOM_ID } from './numbers.ts';
import type { Demand } from './demand.ts';
import type { JoinOptions } from './types.ts';

// Rooms stand among the users whom a tab wants to know of: by an id of the room, and by one more for each join that says
// something of its session there.

/** The id of a room itself. */
export const isRoomId = (id: string): boolean => id.lastIndexOf(ROOM_ID) === 0;
export const roomOfId = (id: string): string => id.split(ROOM_ID)[1]!;

/** Each room that is wanted, with what is to be said of the session there, as JSON. */
export type WantedRooms = ReadonlyMap<string, string | undefined>;

/** What one join says there, as JSON. @throws unless it is JSON that fits */
const metaOf = (options: JoinOptions | null): string | undefined => {
  const meta = JSON.stringify(options?.meta) as string | undefined;
  if (meta !== undefined && !fitsMeta(meta)) throw new RangeError(meta);
  return meta;
};

/**
 * The rooms in what tabs want; of all that is said in one, what was said last.
 *
 * @param wrong is told of each id that says what may not be said, or names no room: half a character, more than one line
 */
export const roomsIn = (demand: Demand, wrong: (id: string) => void): WantedRooms => {
  const wanted = new Map<string, string | undefined>();
  const saidAt = new Map<string, number>();
  for (const id of demand.filter(isRoomId)) {
    try {
      // It throws for half a character.
      encodeURIComponent(id);
      wanted.set(roomOfId(id), undefined);
    } catch {
      wrong(id);
    }
  }
  for (const id of demand) {
    const [, room, said] = id[0] === ROOM_ID ? id.split(ROOM_ID) : [];
    if (said === undefined) continue;
    try {
      const [at, options] = JSON.parse(said) as [number, JoinOptions | null];
      const meta = metaOf(options);
      if (meta === undefined || !wanted.has(room!) || at < saidAt.get(room!)!) continue;
      wanted.set(room!, meta);
      saidAt.set(room!, at);
    } catch {
      wrong(id);
    }
  }
  return wanted;
};

import { useEffect, useMemo } from 'react';
import { UNKNOWN_ROOM, type JoinOptions, type RoomState } from '@presence/client';
import { usePresenceClient } from './use-presence-client.ts';
import { itself, useSelected, useUnchanged } from './use-selected.ts';

type Select = (state: RoomState) => unknown;

/**
 * In a room, and who else is, while the component is mounted. `synced` is false until the first answer, and
 * while the data is too old to trust.
 *
 * @param room 1 to 128 characters
 * @param select narrows what is watched, as in `usePresence`
 * @param options what the session says of itself there: another `meta` at a later render is told within a second. Of several
 *   components and tabs, what was said last is told
 */
export function useRoom(room: string, options?: JoinOptions): RoomState;
export function useRoom<Selected>(
  room: string,
  select: (state: RoomState) => Selected,
  options?: JoinOptions,
): Selected;
export function useRoom(
  room: string,
  first?: Select | JoinOptions,
  options: Select | JoinOptions | undefined = first,
): unknown {
  const client = usePresenceClient();
  const { join, subscribe, getSnapshot } = useMemo(() => client.room(room), [client, room]);
  // A function has none.
  const meta = useUnchanged((options as JoinOptions | undefined)?.meta);
  useEffect(() => join({ meta }), [join, meta]);
  const source = { subscribe, read: getSnapshot, onServer: UNKNOWN_ROOM };
  return useSelected(source, typeof first === 'function' ? first : itself);
}

import { useMemo } from 'react';
import { UNKNOWN_ROOM, type PresenceClient, type RoomState } from '@presence/client';
import { both } from '../watched-users.ts';
import { usePresenceClient } from './use-presence-client.ts';
import { itself, useSelected, type Source } from './use-selected.ts';

const roomSource = (client: PresenceClient, id: string): Source<RoomState> => {
  const room = client.room(id);
  return {
    subscribe: (listener) => both(room.subscribe(listener), room.join()),
    read: room.getSnapshot,
    onServer: UNKNOWN_ROOM,
  };
};

/**
 * In a room, and who else is, while the component is mounted. `synced` is false until the first answer, and
 * while the data is too old to trust.
 *
 * @param room 1 to 128 characters
 * @param select narrows what is watched, as in `usePresence`
 */
export function useRoom(room: string): RoomState;
export function useRoom<Selected>(room: string, select: (state: RoomState) => Selected): Selected;
export function useRoom(room: string, select: (state: RoomState) => unknown = itself): unknown {
  const client = usePresenceClient();
  const source = useMemo(() => roomSource(client, room), [client, room]);
  return useSelected(source, select);
}

import { useEffect, useMemo } from 'react';
import { unknownUser, type UserPresence } from '@presence/client';
import { createWatchedUsers } from '../watched-users.ts';
import { usePresenceClient } from './use-presence-client.ts';
import { itself, useSelected, useUnchanged } from './use-selected.ts';

/**
 * Watches several users while the component is mounted.
 *
 * The result has one presence for each id, in the order of `userIds`, and is the same array until one
 * of them changes. `userIds` may be a new array at each render and may change at any time: only who
 * comes and who goes is told to the server.
 */
export const usePresences = (userIds: readonly string[]): readonly UserPresence[] => {
  const client = usePresenceClient();
  const ids = useUnchanged(userIds);
  const watched = useMemo(() => createWatchedUsers(client), [client]);
  // Before useSelected, whose own effect reads once more: nobody changes unheard in between.
  useEffect(() => watched.hold(ids), [watched, ids]);
  useEffect(() => () => watched.hold([]), [watched]);
  const source = useMemo(
    () => ({
      subscribe: watched.subscribe,
      read: (): readonly UserPresence[] =>
        Object.freeze(ids.map((userId) => client.getPresence(userId))),
      onServer: Object.freeze(ids.map(unknownUser)),
    }),
    [client, watched, ids],
  );
  return useSelected(source, itself);
};

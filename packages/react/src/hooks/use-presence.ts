import { useMemo } from 'react';
import { unknownUser, type PresenceClient, type UserPresence } from '@presence/client';
import { watchUser } from '../watched-users.ts';
import { usePresenceClient } from './use-presence-client.ts';
import { itself, useSelected, type Source } from './use-selected.ts';

/** One user as React reads them. */
export const userSource = (
  client: PresenceClient,
  userId: string,
  subscribe: Source<UserPresence>['subscribe'],
): Source<UserPresence> => ({
  subscribe,
  read: () => client.getPresence(userId),
  onServer: unknownUser(userId),
});

/**
 * Watches one user while the component is mounted. Never undefined: the status is `unknown` until
 * the first answer, and again while the data is too old to trust.
 *
 * @param select narrows what is watched: the component renders again only when its result changes,
 *   compared by `Object.is`, or member by member for a plain object or an array
 */
export function usePresence(userId: string): UserPresence;
export function usePresence<Selected>(
  userId: string,
  select: (presence: UserPresence) => Selected,
): Selected;
export function usePresence(
  userId: string,
  select: (presence: UserPresence) => unknown = itself,
): unknown {
  const client = usePresenceClient();
  const source = useMemo(
    () => userSource(client, userId, (listener) => watchUser(client, userId, listener)),
    [client, userId],
  );
  return useSelected(source, select);
}

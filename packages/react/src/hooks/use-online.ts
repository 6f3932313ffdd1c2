import { useMemo } from 'react';
import { UNKNOWN_ONLINE, type OnlineUsers, type PresenceClient } from '@presence/client';
import { both } from '../watched-users.ts';
import { usePresenceClient } from './use-presence-client.ts';
import { itself, useSelected, type Source } from './use-selected.ts';

const onlineSource = (client: PresenceClient): Source<OnlineUsers> => ({
  subscribe: (listener) => both(client.on('online', listener), client.watchOnline()),
  read: () => client.getOnline(),
  onServer: UNKNOWN_ONLINE,
});

/**
 * Everybody who is not offline, kept live while the component is mounted. `synced` is false until the
 * first answer, and while the data is too old to trust.
 *
 * @param select narrows what is watched, as in `usePresence`
 */
export function useOnlineUsers(): OnlineUsers;
export function useOnlineUsers<Selected>(select: (online: OnlineUsers) => Selected): Selected;
export function useOnlineUsers(select: (online: OnlineUsers) => unknown = itself): unknown {
  const client = usePresenceClient();
  const source = useMemo(() => onlineSource(client), [client]);
  return useSelected(source, select);
}

const knownCount = ({ synced, count }: OnlineUsers): number | null => (synced ? count : null);

/** How many users are not offline; `null` while that is not known, which is not the same as 0. */
export const useOnlineCount = (): number | null => useOnlineUsers(knownCount);

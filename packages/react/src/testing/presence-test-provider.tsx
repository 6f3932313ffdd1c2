import { useEffect, useState, type ReactNode } from 'react';
import { unknownUser } from '@presence/client';
import {
  createScriptedClient,
  type ScriptedClient,
  type ScriptedClientOptions,
  type ScriptedPresence,
} from '@presence/client/testing';
import { useUnchanged } from '../hooks/use-selected.ts';
import { PresenceProvider, type PresenceProviderProps } from '../presence-provider.tsx';

export interface PresenceTestProviderProps extends Omit<PresenceProviderProps, 'client'> {
  /** Who has which presence. Everybody else is offline. Another object later is told as changes. */
  readonly users?: ScriptedClientOptions['users'];
  /** Who is in which room, and who types there. All others are empty. Another object later is told as changes. */
  readonly rooms?: ScriptedClientOptions['rooms'];
  /** Who is signed in, and how. Default: `me`, who is online. */
  readonly me?: ScriptedClientOptions['me'];
  /** A client of the test's own, to be told more as the test goes on: `createScriptedClient()`. */
  readonly client?: ScriptedClient | undefined;
}

const gone = (userId: string): ScriptedPresence => {
  const { userId: _, ...nothing } = unknownUser(userId);
  return { ...nothing, status: 'offline' };
};

const EMPTY = { members: [], typing: [], mode: 'full' } as const;

const ME = { userId: 'me', status: 'online' } as const;

/** Presence that is as it is given, for tests and stories of components: no server, no socket, no timers. */
export const PresenceTestProvider = ({
  users,
  rooms,
  me,
  client: given,
  ...provider
}: PresenceTestProviderProps): ReactNode => {
  const [made] = useState(() =>
    createScriptedClient({
      others: 'offline',
      me: { ...ME, ...me },
      ...(users && { users }),
      ...(rooms && { rooms }),
    }),
  );
  const client = given ?? made;
  const [people, places, own] = [useUnchanged(users), useUnchanged(rooms), useUnchanged(me)];
  useEffect(() => {
    for (const [userId, presence] of Object.entries(people ?? {})) client.put(userId, presence);
    return () => {
      for (const userId of Object.keys(people ?? {})) client.put(userId, gone(userId));
    };
  }, [client, people]);
  useEffect(() => {
    for (const [room, how] of Object.entries(places ?? {}))
      client.putRoom(room, { ...EMPTY, ...how });
    return () => {
      for (const room of Object.keys(places ?? {})) client.putRoom(room, EMPTY);
    };
  }, [client, places]);
  useEffect(() => {
    if (own) client.putMe(own);
  }, [client, own]);
  return <PresenceProvider client={client} {...provider} />;
};

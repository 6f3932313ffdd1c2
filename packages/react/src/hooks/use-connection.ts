import { useMemo } from 'react';
import type { ConnectionState, PresenceClient } from '@presence/client';
import { NOT_STARTED } from '../unknown.ts';
import { usePresenceClient } from './use-presence-client.ts';
import { itself, useSelected, type Source } from './use-selected.ts';

const connectionSource = (client: PresenceClient): Source<ConnectionState> => ({
  subscribe: (listener) => client.on('connection', listener),
  read: () => client.getConnection(),
  onServer: NOT_STARTED,
});

/** Whether presence is connected, by what, and if not, why. For a "reconnecting" banner. */
export const useConnection = (): ConnectionState => {
  const client = usePresenceClient();
  const source = useMemo(() => connectionSource(client), [client]);
  return useSelected(source, itself);
};

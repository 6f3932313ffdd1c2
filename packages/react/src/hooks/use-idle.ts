import { useMemo } from 'react';
import type { IdleState, PresenceClient } from '@presence/client';
import { NOT_IDLE } from '../unknown.ts';
import { usePresenceClient } from './use-presence-client.ts';
import { itself, useSelected, type Source } from './use-selected.ts';

const idleSource = (client: PresenceClient): Source<IdleState> => ({
  subscribe: (listener) => client.on('idle', listener),
  read: () => client.getIdle(),
  onServer: NOT_IDLE,
});

/** Whether there was input lately in any tab of this browser, by the policy's `awayAfterMs`. */
export const useIdle = (): IdleState => {
  const client = usePresenceClient();
  const source = useMemo(() => idleSource(client), [client]);
  return useSelected(source, itself);
};

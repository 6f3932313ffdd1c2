import { useMemo } from 'react';
import type { MyPresence, PresenceClient } from '@presence/client';
import { UNKNOWN_ME } from '../unknown.ts';
import { usePresenceClient } from './use-presence-client.ts';
import { itself, useSelected, type Source } from './use-selected.ts';

/** The signed-in user's presence, and what they may do about it. */
export interface MyPresenceControls extends Pick<
  PresenceClient,
  'setStatus' | 'clearStatus' | 'setVisibility'
> {
  readonly presence: MyPresence;
}

const mySource = (client: PresenceClient): Source<MyPresence> => ({
  subscribe: (listener) => client.on('me', listener),
  read: () => client.getMe(),
  onServer: UNKNOWN_ME,
});

const callsOf = (client: PresenceClient): Omit<MyPresenceControls, 'presence'> => ({
  setStatus: (status, options) => client.setStatus(status, options),
  clearStatus: () => client.clearStatus(),
  setVisibility: (visibility) => client.setVisibility(visibility),
});

/**
 * The signed-in user's own presence, with their claims and visibility, and the calls that change it.
 * The calls stay the same functions; their promises reject with a `PresenceError`.
 */
export const useMyPresence = (): MyPresenceControls => {
  const client = usePresenceClient();
  const source = useMemo(() => mySource(client), [client]);
  const presence = useSelected(source, itself);
  const calls = useMemo(() => callsOf(client), [client]);
  return useMemo(() => ({ presence, ...calls }), [presence, calls]);
};

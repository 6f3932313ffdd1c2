import { useMemo } from 'react';
import { unknownMe, type MyPresence, type PresenceClient } from '@presence/client';
import { usePresenceClient } from './use-presence-client.ts';
import { useTold, type Told } from './use-told.ts';

/** The signed-in user's presence, and what they may do about it. */
export interface MyPresenceControls extends Pick<
  PresenceClient,
  'setStatus' | 'clearStatus' | 'setVisibility'
> {
  readonly presence: MyPresence;
}

const ME: Told<MyPresence> = {
  event: 'me',
  read: (client) => client.getMe(),
  onServer: /* @__PURE__ */ unknownMe(''),
};

/**
 * The signed-in user's own presence, with their claims and visibility, and the calls that change it.
 * The calls stay the same functions; their promises reject with a `PresenceError`.
 */
export const useMyPresence = (): MyPresenceControls => {
  const client = usePresenceClient();
  const presence = useTold(ME);
  return useMemo(() => {
    const { setStatus, clearStatus, setVisibility } = client;
    return { presence, setStatus, clearStatus, setVisibility };
  }, [presence, client]);
};

import { useState } from 'react';
import { useConnection } from '../hooks/use-connection.ts';
import { useMyPresence } from '../hooks/use-my-presence.ts';
import { usePresenceContext } from '../presence-context.ts';
import { optionsOf, ownClaim, saysNothing, type StatusDraft } from '../status-draft.ts';

export interface StatusSaving {
  /** Which text says how far the last attempt is; `null` before it, and when it went well. */
  readonly progress: 'saving' | 'waiting' | 'saveFailed' | 'loadFailed' | 'notConnected' | null;
  /** Does nothing while an earlier one is under way. */
  save(draft: StatusDraft): void;
  /** The form could not be loaded. */
  failToLoad(): void;
  /** A failure has been read. */
  forget(): void;
}

/** Asks the client for what a draft says. It goes on where the form is closed meanwhile. */
export const useStatusSaving = (onSaved: () => void): StatusSaving => {
  const { presence, setStatus, clearStatus, setVisibility } = useMyPresence();
  const { status } = useConnection();
  const { clock } = usePresenceContext();
  const [held, setHeld] = useState<'saving' | 'saveFailed' | 'loadFailed' | null>(null);

  const send = async (draft: StatusDraft): Promise<void> => {
    if (draft.choice === 'invisible') return setVisibility('hidden');
    // "Online" with nothing said is no claim: it would hold somebody online who has long walked away.
    await (draft.choice === 'online' && saysNothing(draft)
      ? clearStatus()
      : setStatus(draft.choice, optionsOf(draft, clock.now(), ownClaim(presence)?.until)));
    // Last: whoever comes out of hiding is seen with the new status, never with the old one.
    if (presence.visibility === 'hidden') await setVisibility('visible');
  };
  const run = async (draft: StatusDraft): Promise<void> => {
    setHeld('saving');
    try {
      await send(draft);
      setHeld(null);
      onSaved();
    } catch {
      setHeld('saveFailed');
    }
  };
  const waits = held === 'saving' && status !== 'connected';
  return {
    progress: status === 'stopped' ? 'notConnected' : waits ? 'waiting' : held,
    save(draft) {
      if (held !== 'saving') void run(draft);
    },
    failToLoad: () => setHeld('loadFailed'),
    forget() {
      if (held !== 'saving') setHeld(null);
    },
  };
};

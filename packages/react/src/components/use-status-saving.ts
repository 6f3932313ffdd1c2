import { useState } from 'react';
import { useConnection } from '../hooks/use-connection.ts';

export interface StatusSaving {
  /** Which text says how far the last attempt is; `null` before it, and when it went well. */
  readonly progress: 'saving' | 'waiting' | 'saveFailed' | 'loadFailed' | 'notConnected' | null;
  /** Does nothing while an earlier one is under way. */
  save(send: () => Promise<void>): void;
  /** The form could not be loaded. */
  failToLoad(): void;
  /** A failure has been read. */
  forget(): void;
}

/** Follows what the form sends. It goes on where the form is closed meanwhile. */
export const useStatusSaving = (onSaved: () => void): StatusSaving => {
  const { status } = useConnection();
  const [held, setHeld] = useState<'saving' | 'saveFailed' | 'loadFailed' | null>(null);

  const run = async (send: () => Promise<void>): Promise<void> => {
    setHeld('saving');
    try {
      await send();
      setHeld(null);
      onSaved();
    } catch {
      setHeld('saveFailed');
    }
  };
  const waits = held === 'saving' && status !== 'connected';
  return {
    progress: status === 'stopped' ? 'notConnected' : waits ? 'waiting' : held,
    save(send) {
      if (held !== 'saving') void run(send);
    },
    failToLoad: () => setHeld('loadFailed'),
    forget() {
      if (held !== 'saving') setHeld(null);
    },
  };
};

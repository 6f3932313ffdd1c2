import { useState } from 'react';
import { useMyPresence } from '../hooks/use-my-presence.ts';
import { usePresenceContext } from '../presence-context.ts';
import { optionsOf, ownClaim, type StatusDraft } from '../status-draft.ts';

export interface StatusSaving {
  readonly saving: boolean;
  /** The last attempt failed. */
  readonly failed: boolean;
  /** Does nothing while an earlier one is under way. */
  save(draft: StatusDraft): void;
}

/** Asks the client for what a draft says. */
export const useStatusSaving = (onSaved: () => void): StatusSaving => {
  const { presence, setStatus, clearStatus, setVisibility } = useMyPresence();
  const { clock } = usePresenceContext();
  const [saving, setSaving] = useState(false);
  const [failed, setFailed] = useState(false);

  const send = async (draft: StatusDraft): Promise<void> => {
    if (draft.choice === 'invisible') return setVisibility('hidden');
    const options = optionsOf(draft, clock.now(), ownClaim(presence)?.until);
    // "Online" with nothing said is no claim: it would hold somebody online who has long walked away.
    const plain = draft.choice === 'online' && Object.keys(options).length === 0;
    await (plain ? clearStatus() : setStatus(draft.choice, options));
    // Last: whoever comes out of hiding is seen with the new status, never with the old one.
    if (presence.visibility === 'hidden') await setVisibility('visible');
  };
  const run = async (draft: StatusDraft): Promise<void> => {
    setSaving(true);
    setFailed(false);
    try {
      await send(draft);
      onSaved();
    } catch {
      setFailed(true);
      setSaving(false);
    }
  };
  return {
    saving,
    failed,
    save(draft) {
      if (!saving) void run(draft);
    },
  };
};

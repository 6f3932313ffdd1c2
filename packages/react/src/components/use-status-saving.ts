import { useState } from 'react';
import { useMyPresence } from '../hooks/use-my-presence.ts';
import { usePresenceContext } from '../presence-context.ts';
import { ownClaim, refusalText, requestOf, type StatusDraft } from '../status-draft.ts';
import type { PresenceTexts } from '../texts.ts';

export interface StatusSaving {
  readonly saving: boolean;
  /** What to tell the user of the last attempt; `null` if it did not fail. */
  readonly failure: string | null;
  /** Does nothing while an earlier one is under way. */
  save(draft: StatusDraft): void;
}

/** Asks the client for what a draft says. */
export const useStatusSaving = (words: PresenceTexts, onSaved: () => void): StatusSaving => {
  const { presence, setStatus, clearStatus, setVisibility } = useMyPresence();
  const { clock } = usePresenceContext();
  const [saving, setSaving] = useState(false);
  const [failure, setFailure] = useState<string | null>(null);

  const send = async (draft: StatusDraft): Promise<void> => {
    const request = requestOf(draft, clock.now(), ownClaim(presence)?.until);
    if (request.type === 'hide') return setVisibility('hidden');
    await (request.type === 'clear' ? clearStatus() : setStatus(request.status, request.options));
    // Last: whoever comes out of hiding is seen with the new status, never with the old one.
    if (presence.visibility === 'hidden') await setVisibility('visible');
  };
  const run = async (draft: StatusDraft): Promise<void> => {
    setSaving(true);
    setFailure(null);
    try {
      await send(draft);
      onSaved();
    } catch (error) {
      setFailure(refusalText(error, words));
      setSaving(false);
    }
  };
  return {
    saving,
    failure,
    save(draft) {
      if (!saving) void run(draft);
    },
  };
};

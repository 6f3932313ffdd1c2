import type { Instant } from '@presence/core';
import type { MyPresenceControls } from '../hooks/use-my-presence.ts';
import { ownClaim } from '../own-claim.ts';
import { optionsOf, saysNothing, type StatusDraft } from '../status-draft.ts';

/** Asks the client for what a draft says. */
export const sendStatus = async (
  { presence, setStatus, clearStatus, setVisibility }: MyPresenceControls,
  draft: StatusDraft,
  now: Instant,
): Promise<void> => {
  if (draft.choice === 'invisible') return setVisibility('hidden');
  // "Online" with nothing said is no claim: it would hold somebody online who has long walked away.
  await (draft.choice === 'online' && saysNothing(draft)
    ? clearStatus()
    : setStatus(draft.choice, optionsOf(draft, now, ownClaim(presence)?.until)));
  // Last: whoever comes out of hiding is seen with the new status, never with the old one.
  if (presence.visibility === 'hidden') await setVisibility('visible');
};

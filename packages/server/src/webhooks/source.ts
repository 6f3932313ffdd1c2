import type { Cancel } from '@presence/core';
import type { Presence, PresenceChange } from '../types.ts';

/** Takes one change on its way; `over` is called once it was delivered or given up. */
type Take = (change: PresenceChange, over: (isDelivered: boolean) => void) => void;

/**
 * Where the changes come from that webhooks tell. The live one hears of this node's commits, and
 * what waits is forgotten with the process: best effort. One that reads an outbox gives a change
 * again until it was delivered: at least once.
 */
export interface Source {
  start(take: Take): Cancel;
}

export const liveSource = (presence: Pick<Presence<never>, 'on'>): Source => ({
  start: (take) => presence.on('change', (change) => take(change, () => undefined)),
});

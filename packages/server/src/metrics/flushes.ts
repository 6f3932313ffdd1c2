import { DIAGNOSTICS } from './channels.ts';
import type { Tally } from './tally.ts';

/** Counts one window's changes and what telling them took. */
export const noteFlush = (
  tally: Pick<Tally, 'flushes' | 'flushMs' | 'changes'>,
  tenant: string,
  changes: number,
  tookMs: number,
): void => {
  tally.flushes += 1;
  // Below zero where the machine's clock was set back.
  tally.flushMs += Math.max(0, tookMs);
  tally.changes += changes;
  if (DIAGNOSTICS.fanOut.hasSubscribers) DIAGNOSTICS.fanOut.publish({ tenant, changes, tookMs });
};

import type { ErrorCode } from '@presence/core';
import { DIAGNOSTICS } from './channels.ts';
import type { Tally } from './tally.ts';

/** Counts what was refused, by why, and tells whoever listens in this process. */
export const noteRefusal = (
  { refusals }: Pick<Tally, 'refusals'>,
  via: 'http' | 'socket',
  code: ErrorCode,
): void => {
  refusals.add(via, code);
  if (DIAGNOSTICS.refusal.hasSubscribers) DIAGNOSTICS.refusal.publish({ via, code });
};

import { isBlocked, PresenceError, type PresenceRecord } from '@presence/core';
import type { ResolvedPrincipal } from '../types.ts';

export const accountBlocked = (): PresenceError =>
  new PresenceError('account_blocked', 'This account may not be present.');

/**
 * Whether somebody with a valid login may still be served, for what executes no command of theirs:
 * commands are judged by the same rule in core.
 *
 * @throws PresenceError `account_blocked` or `signed_out`
 */
export const checkStanding = (
  { issuedAt }: Pick<ResolvedPrincipal, 'issuedAt'>,
  record: PresenceRecord | null,
): void => {
  if (record === null) return;
  if (isBlocked(record.account)) throw accountBlocked();
  const { signedOutAt } = record;
  if (issuedAt !== undefined && signedOutAt !== null && issuedAt < signedOutAt) {
    throw new PresenceError('signed_out', 'This login was signed out. Sign in again.');
  }
};

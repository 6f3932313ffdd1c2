import { refusedLogin, type PresenceError, type PresenceRecord } from '@presence/core';
import { refusal } from '../engine/refusal.ts';
import type { ResolvedPrincipal } from '../types.ts';

export const accountBlocked = (): PresenceError => refusal('account_blocked');

/**
 * Whether somebody with a valid login may still be served, for what executes no command of theirs:
 * commands are judged by the same rule in core.
 *
 * @throws PresenceError `account_blocked` or `signed_out`
 */
export const checkStanding = (
  principal: Pick<ResolvedPrincipal, 'issuedAt'>,
  record: PresenceRecord | null,
): void => {
  const code = record && refusedLogin(record, principal);
  if (code) throw refusal(code);
};

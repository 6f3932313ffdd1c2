import { ACCOUNTS, isBlocked, PresenceError, type Key } from '@presence/core';
import type { Node } from '../context.ts';
import { accountBlocked } from './standing.ts';

/**
 * Asks the application whether the account may come online, when a session opens. A block is
 * stored before it is answered, so that everything else of the user ends with it. An account that
 * the application calls active is not unblocked by it: only `setAccount` undoes a block, for the
 * answer may be older than the block.
 *
 * @throws PresenceError `account_blocked`; `invalid_options` for an answer that is no account state
 */
export const checkAccount = async (
  { options, engine }: Pick<Node, 'options' | 'engine'>,
  key: Key,
): Promise<void> => {
  const { account: ask } = options.sources;
  if (!ask) return;
  const account = await ask({ tenant: key.tenant, userId: key.userId });
  if (account === undefined) return;
  if (!ACCOUNTS.includes(account)) {
    throw new PresenceError(
      'invalid_options',
      `[presence/account] sources.account must answer one of ${ACCOUNTS.join(', ')}, or undefined: saw ${String(account)}.`,
    );
  }
  if (!isBlocked(account)) return;
  await engine.execute(key, { type: 'account', account });
  throw accountBlocked();
};

import { ACCOUNTS, isBlocked, PresenceError, type Key, type PresenceRecord } from '@presence/core';
import type { Node } from '../context.ts';
import type { Sources } from '../types.ts';
import { accountBlocked } from './standing.ts';

interface Asking extends Pick<Node, 'engine'> {
  readonly options: Pick<Node['options'], 'sources'>;
}

/**
 * Asks the application whether the account may come online, when a session opens. Its answer is
 * stored before the session is: a block ends everything else of the user. A stored block is undone
 * by `active` only where the application was asked after the block was seen, for an answer that is
 * older than the block must not undo it.
 *
 * @throws PresenceError `account_blocked`; `invalid_options` for an answer that is no account state
 */
export const checkAccount = async (node: Asking, key: Key): Promise<void> => {
  const { account: ask } = node.options.sources;
  if (ask) await judge(node, key, ask, (await node.engine.read(key)).record);
};

const judge = async (
  { engine }: Asking,
  key: Key,
  ask: NonNullable<Sources['account']>,
  record: PresenceRecord | null,
): Promise<void> => {
  const stored = record?.account ?? 'active';
  const account = await ask({ tenant: key.tenant, userId: key.userId });
  if (account === undefined) return;
  if (!ACCOUNTS.includes(account)) {
    throw new PresenceError(
      'invalid_options',
      `[presence/account] sources.account must answer one of ${ACCOUNTS.join(', ')}, or undefined: saw ${JSON.stringify(account)}.`,
    );
  }
  if (isBlocked(account) || isBlocked(stored)) {
    await engine.execute(key, { type: 'account', account });
  }
  if (isBlocked(account)) throw accountBlocked();
};

/**
 * The same before a login or a request without a client counts as presence. Who is there already was
 * asked about when their session opened.
 *
 * @throws as {@link checkAccount}
 */
export const checkArrival = async (node: Asking, key: Key): Promise<void> => {
  const { account: ask } = node.options.sources;
  if (!ask) return;
  const { record } = await node.engine.read(key);
  if (record === null || record.sessions.length === 0) await judge(node, key, ask, record);
};

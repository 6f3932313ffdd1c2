import {
  ACCOUNTS,
  isBlocked,
  PresenceError,
  type Account,
  type Key,
  type PresenceRecord,
} from '@presence/core';
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

/** What the application says of an account; `undefined`: it does not know the user. */
const saidOf = async (
  ask: NonNullable<Sources['account']>,
  { tenant, userId }: Key,
): Promise<Account | undefined> => {
  const account = await ask({ tenant, userId });
  if (account === undefined || ACCOUNTS.includes(account)) return account;
  throw new PresenceError(
    'invalid_options',
    `[presence/account] sources.account must answer one of ${ACCOUNTS.join(', ')}, or undefined: saw ${JSON.stringify(account)}.`,
  );
};

const judge = async (
  { engine }: Asking,
  key: Key,
  ask: NonNullable<Sources['account']>,
  record: PresenceRecord | null,
): Promise<void> => {
  const stored = record?.account ?? 'active';
  const account = await saidOf(ask, key);
  if (account === undefined) return;
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

/**
 * For a page about one user, which is shown whatever is wrong with the application's own data.
 *
 * @returns `undefined` where it is not asked, does not know them, or gave no answer
 */
export const accountSaid = async (
  { options }: { readonly options: Pick<Node['options'], 'sources' | 'logger'> },
  key: Key,
): Promise<Account | undefined> => {
  const { sources, logger } = options;
  try {
    return sources.account && (await saidOf(sources.account, key));
  } catch (error) {
    logger.warn({ err: error }, '[presence/account] sources.account gave no answer.');
    return undefined;
  }
};

/**
 * Before an admin changes an account through the routes of presence: where the application's own data says
 * otherwise, the change would be undone as soon as the user comes back, so it is not made at all.
 *
 * @throws PresenceError `account_from_source`; `invalid_options` for an answer that is no account state
 */
export const checkAgreed = async (
  { options }: Pick<Asking, 'options'>,
  key: Key,
  wanted: Account,
): Promise<void> => {
  const { account: ask } = options.sources;
  const said = ask && (await saidOf(ask, key));
  if (said === undefined || said === wanted) return;
  throw new PresenceError(
    'account_from_source',
    `The application's own data says that this account is ${said}. Change it there: here it would be undone at the next arrival.`,
  );
};

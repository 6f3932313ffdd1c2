import { PresenceError, STATUSES, type Account, type Status } from '@presence/core';
import type { AdminUsersAnswer } from '@presence/core/protocol';
import type { SignedInCall } from '../http/route.ts';
import { adminUser, adminUsers } from './rows.ts';
import { findTrue } from './true-lists.ts';
import type { Directory } from './types.ts';

/** What `GET /admin/users` was asked for. */
export interface UsersQuery {
  readonly status?: readonly Status[] | undefined;
  readonly account?: Account | undefined;
  readonly search?: string | undefined;
  readonly sort?: string | undefined;
  readonly limit?: number | undefined;
  readonly cursor?: string | undefined;
}

type Call = SignedInCall<null, UsersQuery, unknown>;

const DEFAULT_PAGE = 100;

const DIRECTORY_FILTERS = ['search', 'account'] as const;

/** What works here, for the answer to what does not. */
const served = (directory: Directory | undefined): string => {
  if (!directory) return 'status alone: no directory of users is configured';
  const { filters, sorts } = directory;
  const together = `${[...filters, `sort (${sorts.join(', ')})`].join(', ')} in any combination`;
  return filters.includes('status') ? together : `status alone; or ${together}`;
};

const notServed = (what: string, directory: Directory | undefined): PresenceError =>
  new PresenceError(
    'invalid_request',
    `${what}: no index serves this. What works: ${served(directory)}.`,
  );

/** Names of the filters and sorts that only a directory serves. */
const askedOfDirectory = (query: UsersQuery): readonly string[] =>
  ([...DIRECTORY_FILTERS, 'sort'] as const).filter((name) => query[name] !== undefined);

const checkServed = (query: UsersQuery, directory: Directory | undefined): void => {
  const asked = askedOfDirectory(query);
  const [first] = asked;
  if (first === undefined) return;
  const servesStatus = directory?.filters.includes('status') === true;
  if (!directory || (query.status && !servesStatus)) throw notServed(first, directory);
  for (const name of DIRECTORY_FILTERS) {
    if (query[name] !== undefined && !directory.filters.includes(name)) {
      throw notServed(name, directory);
    }
  }
  if (query.sort !== undefined && !directory.sorts.includes(query.sort)) {
    throw notServed('sort', directory);
  }
};

/** A cursor is good for the list with the same filters and sort. */
const listOf = (query: UsersQuery, tenant: string) => {
  const { status, account = '', search = '', sort = '' } = query;
  return {
    tenant,
    list: JSON.stringify(['admin', [...(status ?? [])].sort(), account, search, sort]),
  };
};

const fromDirectory = async (
  { key: { tenant }, query, readBeside }: Call,
  directory: Directory,
  after: string,
): Promise<Omit<AdminUsersAnswer, 'nextCursor'> & { readonly next: string | null }> => {
  const { limit = DEFAULT_PAGE, search, account, sort, status } = query;
  const page = await directory.list({
    tenant,
    limit,
    ...(search !== undefined && { search }),
    ...(account !== undefined && { account }),
    ...(status !== undefined && { status }),
    ...(sort !== undefined && { sort }),
    ...(after !== '' && { after }),
  });
  const keys = page.users.map(({ userId }) => ({ tenant, userId }));
  const readings = await readBeside(keys);
  const users = readings.map((reading, index) => adminUser(reading, page.users[index]));
  return {
    // Time may have changed some since the directory's data was written. What is answered is exact.
    users: status ? users.filter(({ presence }) => status.includes(presence.status)) : users,
    asOf: Math.min(...readings.map(({ at }) => at), Infinity),
    next: page.next,
  };
};

const fromStore = async (
  { node, key: { tenant }, query, own }: Call,
  status: readonly Status[],
  after: string,
): Promise<Omit<AdminUsersAnswer, 'nextCursor'> & { readonly next: string | null }> => {
  const { limit = DEFAULT_PAGE } = query;
  // Beside the list: nothing of it is read by id. Whoever judges the caller hears of a failure.
  own().catch(() => undefined);
  const page = await findTrue(node.engine, { tenant, status, after, limit });
  const users = await adminUsers(node, tenant, page.items);
  return { users, asOf: page.at, next: page.end };
};

/**
 * A page of users: from the application's directory, or by status from the store's index.
 *
 * @param only those of these statuses, from the store
 * @throws PresenceError `invalid_request` for a combination that no index serves
 */
export const listUsers = async (
  call: Call,
  only?: readonly Status[],
): Promise<AdminUsersAnswer> => {
  const { node, cursors, query, key } = call;
  const { directory } = node.options.sources;
  checkServed(query, directory);
  const status = only ?? query.status;
  const list = listOf({ ...query, status }, key.tenant);
  const after = query.cursor === undefined ? '' : cursors.open(list, query.cursor);
  const isOfDirectory =
    directory && !only && (!query.status || directory.filters.includes('status'));
  const { users, asOf, next } = isOfDirectory
    ? await fromDirectory(call, directory, after)
    : await fromStore(call, status ?? STATUSES, after);
  return {
    users,
    asOf: Number.isFinite(asOf) ? asOf : (await call.own()).at,
    ...(next !== null && { nextCursor: cursors.issue(list, next) }),
  };
};

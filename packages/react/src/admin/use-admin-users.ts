import { useEffect, useMemo, useState, useSyncExternalStore } from 'react';
import {
  createAdminUsers,
  NO_USERS,
  type AdminUsersList,
  type AdminUsersOptions,
  type AdminUsersQuery,
  type AdminUsersState,
} from '@presence/client/admin';
import { useUnchanged } from '../hooks/use-selected.ts';

export interface UseAdminUsersOptions
  extends AdminUsersQuery, Pick<AdminUsersOptions, 'url' | 'everyMs' | 'testing'> {
  /** Carries every request: headers, tokens. The same function at each render, made outside of the component. */
  readonly fetch?: typeof fetch | undefined;
}

export interface AdminUsers extends AdminUsersState, Pick<AdminUsersList, 'loadMore' | 'refresh'> {}

/**
 * The users of an admin page of your own, joined with your directory: filtered, searched, sorted, by pages, and asked
 * again each 10 s while the page is seen. Needs no provider. While another query is on its way the users are
 * those of the one before, and `loading` is true.
 */
export const useAdminUsers = (options: UseAdminUsersOptions): AdminUsers => {
  const { url, fetch, everyMs, testing, ...rest } = options;
  const query = useUnchanged(rest);
  // What it begins with; from then on the effect tells it.
  const [first] = useState(query);
  const list = useMemo(
    () => createAdminUsers({ url, fetch, everyMs, query: first, ...(testing && { testing }) }),
    [url, fetch, everyMs, testing, first],
  );
  const [told] = useState(() => new WeakMap<AdminUsersList, AdminUsersQuery>());
  useEffect(() => {
    if ((told.get(list) ?? first) !== query) list.setQuery(query);
    told.set(list, query);
  }, [list, query, first, told]);
  const state = useSyncExternalStore(list.subscribe, list.getState, () => NO_USERS);
  return useMemo(
    () => ({ ...state, loadMore: list.loadMore, refresh: list.refresh }),
    [state, list],
  );
};

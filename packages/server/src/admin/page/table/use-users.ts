import { useEffect, useMemo } from 'react';
import { useDashboard, useValue } from '../dashboard.ts';
import type { UsersQuery } from '../data/api.ts';
import type { Listed } from '../data/held-pages.ts';
import { createUsersList, type UsersList } from '../data/users-list.ts';

/** The users of a query, while it is asked. */
export const useUsersList = (
  query: UsersQuery,
): { readonly list: UsersList; readonly listed: Listed } => {
  const { api, clock, onError } = useDashboard();
  const list = useMemo(
    () => createUsersList({ api, query, clock, onError }),
    [api, query, clock, onError],
  );
  useEffect(() => list.start(), [list]);
  return { list, listed: useValue(list.listed) };
};

/** Asks again where the counts say that somebody came or went, and when the connection is back. */
export const useFreshness = (list: UsersList): void => {
  const { stats, client } = useDashboard();
  useEffect(() => {
    let known = JSON.stringify(stats.read().answer?.byStatus);
    const onStats = (): void => {
      const told = JSON.stringify(stats.read().answer?.byStatus);
      if (told !== known) list.soon();
      known = told;
    };
    const cancels = [
      stats.subscribe(onStats),
      client.on('connection', ({ status }) => status === 'connected' && list.soon()),
    ];
    return () => cancels.forEach((cancel) => cancel());
  }, [list, stats, client]);
};

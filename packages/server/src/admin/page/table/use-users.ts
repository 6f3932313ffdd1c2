import { useEffect, useState } from 'react';
import { useDashboard, useValue } from '../dashboard.ts';
import type { UsersQuery } from '../data/api.ts';
import { createUsersList, type Listed, type UsersList } from '../data/users-list.ts';

const NOT_YET: Listed = { rows: [], isLoading: true, isComplete: false, failure: null };

const none: UsersList = {
  listed: { read: () => NOT_YET, set: () => undefined, subscribe: () => () => undefined },
  show: () => undefined,
  soon: () => undefined,
  stop: () => undefined,
};

/** The users of a query, while it is asked. */
export const useUsersList = (
  query: UsersQuery,
): { readonly list: UsersList; readonly listed: Listed } => {
  const { api, clock, onError } = useDashboard();
  const [list, setList] = useState<UsersList>(none);
  useEffect(() => {
    const created = createUsersList({ api, query, clock, onError });
    // oxlint-disable-next-line react/set-state-in-effect -- it asks the server, so it may begin in an effect only
    setList(created);
    return created.stop;
  }, [api, query, clock, onError]);
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

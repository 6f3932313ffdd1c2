import { useEffect, useMemo } from 'react';
import { useDashboard } from '../dashboard.ts';
import { createOneUser, type OneUser } from '../data/one-user.ts';

/** One user, asked again when the socket says that something of them has changed. */
export const useOneUser = (userId: string): OneUser => {
  const { api, client, clock, onError } = useDashboard();
  const user = useMemo(
    () => createOneUser(api, userId, clock, onError),
    [api, userId, clock, onError],
  );
  useEffect(() => {
    const cancels = [
      user.start(),
      client.watch([userId]),
      client.subscribeUser(userId, user.again),
      client.on('connection', ({ status }) => status === 'connected' && user.again()),
    ];
    return () => {
      for (const cancel of cancels) cancel();
    };
  }, [client, user, userId]);
  return user;
};

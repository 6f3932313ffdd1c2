import { useEffect, useState } from 'react';
import { useDashboard } from '../dashboard.ts';
import { createOneUser, type OneUser } from '../data/one-user.ts';

/** One user, asked again when the socket says that something of them has changed. */
export const useOneUser = (userId: string): OneUser | null => {
  const { api, client, clock, onError } = useDashboard();
  const [user, setUser] = useState<OneUser | null>(null);
  useEffect(() => {
    const created = createOneUser(api, userId, clock, onError);
    // oxlint-disable-next-line react/set-state-in-effect -- it asks the server, so it may begin in an effect only
    setUser(created);
    const cancels = [
      client.watch([userId]),
      client.subscribeUser(userId, created.again),
      client.on('connection', ({ status }) => status === 'connected' && created.again()),
    ];
    return () => {
      created.stop();
      for (const cancel of cancels) cancel();
    };
  }, [api, client, clock, onError, userId]);
  return user;
};

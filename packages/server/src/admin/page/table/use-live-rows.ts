import type { AdminUser } from '@presence/core/protocol';
import { useEffect } from 'react';
import { useDashboard } from '../dashboard.ts';
import type { UsersList } from '../data/users-list.ts';

/** Nobody reads rows that fly by. */
const SETTLED_MS = 150;

/** Watches those in view over the socket, and asks for the rest of them when one changes. */
export const useLiveRows = (inView: readonly (AdminUser | undefined)[], list: UsersList): void => {
  const { client, clock } = useDashboard();
  const ids = inView.flatMap((user) => (user ? [user.userId] : [])).join('\n');
  useEffect(() => {
    if (ids === '') return undefined;
    const users = ids.split('\n');
    let cancels: (() => void)[] = [];
    const watch = (): void => {
      cancels = [
        client.watch(users),
        client.on('presence', ({ userId }) => users.includes(userId) && list.soon()),
      ];
    };
    const cancelTimer = clock.after(SETTLED_MS, watch);
    return () => {
      cancelTimer();
      for (const cancel of cancels) cancel();
    };
  }, [ids, client, clock, list]);
};

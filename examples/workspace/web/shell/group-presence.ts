import type { OnlineUsers, ShownStatus } from '@presence/client';
import { useOnlineUsers } from '@presence/react';
import { useCallback, useMemo } from 'react';

/** How a group is: who of it is not offline, and the status of whoever is most present. */
export interface GroupPresence {
  /** `null`: not known right now. */
  readonly here: number | null;
  readonly status: ShownStatus;
}

const MOST_PRESENT = ['online', 'busy', 'dnd', 'away'] as const;

/** Of some people of the organisation, out of the one watch that the page holds of all of it. */
export const useGroupPresence = (members: readonly string[]): GroupPresence => {
  const wanted = useMemo(() => new Set(members), [members]);
  return useOnlineUsers(
    useCallback(
      ({ users, synced }: OnlineUsers): GroupPresence => {
        if (!synced) return { here: null, status: 'unknown' };
        const statuses = users
          .filter(({ userId }) => wanted.has(userId))
          .map(({ status }) => status);
        const status = MOST_PRESENT.find((each) => statuses.includes(each)) ?? 'offline';
        return { here: statuses.length, status };
      },
      [wanted],
    ),
  );
};

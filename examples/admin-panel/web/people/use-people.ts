import { usePresences } from '@presence/react';
import { useAdminUsers, type AdminUser } from '@presence/react/admin';
import { useMemo } from 'react';
import { useMode, useRefreshMs } from '../mode.ts';
import { useSession } from '../session.ts';

/** What the list is asked for; empty is no filter. */
export interface PeopleQuery {
  readonly search: string;
  readonly status: string;
  readonly account: string;
  readonly sort: string;
  /** `''`: the first page. */
  readonly cursor: string;
}

const PAGE = 50;

const NOBODY: readonly string[] = [];

/** A row with what came over the socket since the list was asked for. */
const withNewer = (
  user: AdminUser,
  live: ReturnType<typeof usePresences>[number] | undefined,
): AdminUser => {
  const { presence } = user;
  if (!live || live.status === 'unknown' || live.version <= presence.version) return user;
  const { status, since, lastSeenAt, version } = live;
  return { ...user, presence: { userId: user.userId, status, since, lastSeenAt, version } };
};

export interface People {
  /** `null`: not asked yet. */
  readonly users: readonly AdminUser[] | null;
  readonly nextCursor: string | null;
  readonly problem: { readonly message: string } | null;
  readonly again: () => void;
}

/** A page of users, asked for again and again; live, its rows change as people do. */
export const usePeople = (query: PeopleQuery): People => {
  const { fetch } = useSession();
  const mode = useMode();
  const everyMs = useRefreshMs();
  const list = useAdminUsers({ url: '/presence', fetch, everyMs, limit: PAGE, ...query });
  const { users, nextCursor, asOf, error, refresh } = list;
  const ids = useMemo(() => users.map(({ userId }) => userId), [users]);
  const live = usePresences(mode === 'live' ? ids : NOBODY);
  const newest = useMemo(
    () => users.map((user, index) => withNewer(user, live[index])),
    [users, live],
  );
  return { users: asOf === null ? null : newest, nextCursor, problem: error, again: refresh };
};

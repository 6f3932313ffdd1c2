import type { AdminUser, AdminUsersAnswer } from '@presence/core/protocol';
import { usePresences } from '@presence/react';
import { useCallback, useMemo } from 'react';
import { useMode, useRefreshMs } from '../mode.ts';
import { useSession } from '../session.ts';
import { useAsked, type Told } from '../use-asked.ts';

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

const pathOf = (query: PeopleQuery): string => {
  const params = new URLSearchParams({ limit: String(PAGE) });
  for (const [name, value] of Object.entries(query)) if (value !== '') params.set(name, value);
  return `/presence/admin/users?${params.toString()}`;
};

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

export interface People extends Pick<Told<unknown>, 'problem' | 'again'> {
  /** `null`: not asked yet. */
  readonly users: readonly AdminUser[] | null;
  readonly nextCursor: string | null;
}

/** A page of users, asked for again and again; live, its rows change as people do. */
export const usePeople = (query: PeopleQuery): People => {
  const { call } = useSession();
  const mode = useMode();
  const path = pathOf(query);
  const ask = useCallback(
    (signal: AbortSignal) => call<AdminUsersAnswer>('GET', path, { signal }),
    [call, path],
  );
  const { answer, problem, again } = useAsked(ask, useRefreshMs());
  const ids = useMemo(() => answer?.users.map(({ userId }) => userId) ?? NOBODY, [answer]);
  const live = usePresences(mode === 'live' ? ids : NOBODY);
  const users = useMemo(
    () => answer?.users.map((user, index) => withNewer(user, live[index])) ?? null,
    [answer, live],
  );
  return { users, nextCursor: answer?.nextCursor ?? null, problem, again };
};

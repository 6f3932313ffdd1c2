import type { AdminUserAnswer } from '@presence/core/protocol';
import { usePresences } from '@presence/react';
import { useCallback } from 'react';
import type { Audited, SignIn, User } from '../api.ts';
import { useMode, useRefreshMs } from '../mode.ts';
import { useSession } from '../session.ts';
import { useAsked, type Told } from '../use-asked.ts';

/** One user: what presence knows, and what this application's own tables do. */
export interface Person extends AdminUserAnswer {
  readonly row: User;
  readonly signIns: readonly SignIn[];
  readonly audited: readonly Audited[];
}

const NOBODY: readonly string[] = [];

export const usePerson = (userId: string): Told<Person> => {
  const { call } = useSession();
  const mode = useMode();
  const [live] = usePresences(mode === 'live' ? [userId] : NOBODY);
  const ask = useCallback(
    async (signal: AbortSignal): Promise<Person> => {
      const [told, { user: row, ...own }] = await Promise.all([
        call<AdminUserAnswer>('GET', `/presence/admin/users/${userId}`, { signal }),
        call<Omit<Person, 'row' | keyof AdminUserAnswer> & { readonly user: User }>(
          'GET',
          `/api/users/${userId}`,
          { signal },
        ),
      ]);
      return { ...told, ...own, row };
    },
    [call, userId],
  );
  return useAsked(ask, useRefreshMs(), live?.version);
};

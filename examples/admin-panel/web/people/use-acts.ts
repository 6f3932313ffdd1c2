import type { Account } from '@presence/core';
import type { AdminStatusChange } from '@presence/core/protocol';
import { useState } from 'react';
import { ApiError } from '../api.ts';
import { useSession } from '../session.ts';

export interface Said {
  readonly kind: 'good' | 'bad';
  readonly text: string;
}

/** What an admin can do with somebody. Each says what became of it. */
export interface Acts {
  setAccount(account: Account): void;
  signOut(): void;
  setStatus(change: AdminStatusChange): void;
  clearStatus(): void;
}

const reasonOf = (error: unknown): string => {
  if (!(error instanceof ApiError)) return String(error);
  return error.code === 'precondition_failed'
    ? 'Somebody else changed this person a moment ago, so nothing was done. This is how they are now.'
    : error.message;
};

/** @param revision of the person as they are shown: nothing is set over what somebody else just did */
export const useActs = (
  userId: string,
  revision: number,
  onDone: () => void,
): readonly [Acts, Said | null, boolean] => {
  const { call } = useSession();
  const [said, setSaid] = useState<Said | null>(null);
  const [isBusy, setBusy] = useState(false);
  const status = `/presence/admin/users/${userId}/status`;

  const act = (text: string, run: () => Promise<unknown>): void => {
    setBusy(true);
    run()
      .then(
        () => setSaid({ kind: 'good', text }),
        (error: unknown) => setSaid({ kind: 'bad', text: reasonOf(error) }),
      )
      .finally(() => {
        setBusy(false);
        onDone();
      });
  };

  const acts: Acts = {
    setAccount: (account) =>
      act(
        account === 'active' ? 'They may come in again.' : 'Done. They are offline everywhere.',
        () => call('PUT', `/api/users/${userId}/account`, { body: { account } }),
      ),
    signOut: () =>
      act('Signed out everywhere.', () => call('POST', `/api/users/${userId}/sign-out`)),
    setStatus: (body) => act('The status is set.', () => call('PUT', status, { body, revision })),
    clearStatus: () => act('The status is cleared.', () => call('DELETE', status, { revision })),
  };
  return [acts, said, isBusy];
};

import type { AdminUser, AdminUsersAnswer } from '@presence/core/protocol';
import type { Api } from '../data/api.ts';

/** Somebody of whom nothing is known but what is given. */
export const someUser = (userId: string, given: Partial<AdminUser> = {}): AdminUser => ({
  userId,
  presence: { userId, status: 'offline', since: null, lastSeenAt: null, version: 0 },
  publicStatus: 'offline',
  claims: [],
  visibility: 'visible',
  account: 'active',
  sessions: 0,
  revision: 0,
  ...given,
});

/** A page of users by their ids. */
export const someUsers = (ids: readonly string[], nextCursor?: string): AdminUsersAnswer => ({
  users: ids.map((id) => someUser(id)),
  asOf: 0,
  ...(nextCursor !== undefined && { nextCursor }),
});

/** Routes that answer what a test says, and never what it does not. */
export const fakeApi = (routes: Partial<Api>): Api => {
  const silent = (): Promise<never> => new Promise(() => undefined);
  return {
    config: silent,
    me: silent,
    stats: silent,
    users: silent,
    user: silent,
    setStatus: silent,
    clearStatus: silent,
    setAccount: silent,
    disconnect: silent,
    history: silent,
    exportHistory: silent,
    insights: silent,
    eraseHistory: silent,
    peaks: silent,
    webhooks: silent,
    retryWebhooks: silent,
    dropWebhooks: silent,
    ...routes,
  };
};

// The admin list as a request reaches it, without a network.
import type { AdminUsersAnswer } from '@presence/core/protocol';
import {
  createPresence,
  type Presence,
  type PresenceOptions,
  type PresenceStore,
} from '@presence/server';
import { TENANT } from './people.ts';

type Sources = NonNullable<PresenceOptions['sources']>;

/** Leases outlive the benchmark: nobody beats. */
const policy = { leaseMs: 3_600_000, heartbeatMs: 600_000, hiddenHeartbeatMs: 600_000 };

export const createAdmin = (
  store: PresenceStore,
  sources: Sources = {},
  more: Partial<PresenceOptions<null>> = {},
): Presence<null> =>
  createPresence<null>({
    ...more,
    authenticate: () => ({ userId: 'root', tenant: TENANT }),
    store,
    policy,
    admin: true,
    sources,
    security: {
      secret: 'a secret for the benchmark, long enough',
      authorize: () => true,
      limits: { queriesPerMinute: 1e9, perAddressPerMinute: 1e9 },
    },
  });

const request = (path: string, query: string) => ({
  method: 'GET',
  path,
  query,
  header: () => undefined,
  body: null,
  address: '192.0.2.1',
  raw: null,
});

export const ask = async <Answer>(
  presence: Presence<null>,
  path: string,
  query: string,
): Promise<Answer> => {
  const { status, body } = await presence.handle(request(path, query));
  if (status !== 200 || body === null) throw new Error(`${path}?${query}: ${status} ${body}`);
  return JSON.parse(body) as Answer;
};

/** How long pages took, in milliseconds, from the first on, and how many users they held. */
export interface Pages {
  readonly times: number[];
  readonly users: number;
}

/** @param most pages of one list that are turned */
export const turnPages = async (
  presence: Presence<null>,
  query: string,
  most: number,
): Promise<Pages> => {
  const times: number[] = [];
  let [users, cursor] = [0, ''];
  for (let page = 0; page < most; page += 1) {
    const start = performance.now();
    const page = `limit=100&${query}${cursor}`;
    const answer = await ask<AdminUsersAnswer>(presence, '/admin/users', page);
    times.push(performance.now() - start);
    users += answer.users.length;
    if (answer.nextCursor === undefined) break;
    cursor = `&cursor=${encodeURIComponent(answer.nextCursor)}`;
  }
  return { times, users };
};

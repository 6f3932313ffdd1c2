// An admin's presence, and its routes as a request reaches them, without a network.
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

export const createAdmin = <Raw = null>(
  store: PresenceStore,
  sources: Sources = {},
  more: Partial<PresenceOptions<Raw>> = {},
): Presence<Raw> =>
  createPresence<Raw>({
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

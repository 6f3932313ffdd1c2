import type { Presence as UserPresence, PresenceRecord } from '@presence/core';
import type { PresenceClient, UserPresence as ClientPresence } from '@presence/client';
import type { Sabotage } from '../world/server-process.ts';
import { PLANTED_IN_ROOMS } from './planted-in-rooms.ts';
import { recordsAs, storeWith, tenantsWith, type Planted } from './planting.ts';

const readsAs = (change: (shown: UserPresence) => UserPresence): Sabotage =>
  tenantsWith((tenant) => ({
    get: async (userId, options) => change(await tenant.get(userId, options)),
  }));

const bumped = (record: PresenceRecord): PresenceRecord => {
  const isByTime = record.steps.at(-1)?.cause === 'lease-ended';
  const view = { ...record.public, version: record.public.version + 1 };
  return isByTime ? { ...record, public: view, own: view, revision: record.revision + 1 } : record;
};

/** What was known first is shown for ever. */
const stuck = (client: PresenceClient): PresenceClient => {
  const first = new Map<string, ClientPresence>();
  client.on('presence', (presence) => {
    if (!first.has(presence.userId)) first.set(presence.userId, presence);
  });
  return {
    ...client,
    getPresence: (userId) => first.get(userId) ?? client.getPresence(userId),
  };
};

const ONE_TENANT = 'default';

export const PLANTED: readonly Planted[] = [
  {
    property: 'S1',
    fault: 'ended leases count for three seconds more',
    sabotage: () =>
      storeWith((store) => ({
        load: async (keys) => {
          const answer = await store.load(keys);
          const items = answer.items.map((loaded) => ({
            ...loaded,
            leases: new Map([...loaded.leases].map(([id, at]) => [id, at + 3000])),
          }));
          return { ...answer, items };
        },
      })),
  },
  {
    property: 'S2',
    fault: 'renewals are acknowledged and forgotten',
    sabotage: () =>
      storeWith((store) => ({
        renew: async (leases, validUntil) => {
          const shared = leases.filter(({ id }) => id.startsWith('n:'));
          return store.renew(shared, validUntil);
        },
      })),
  },
  {
    property: 'S3',
    fault: 'the reaper counts a transition that readers have seen once more',
    sabotage: () => recordsAs(bumped),
  },
  {
    property: 'S4',
    fault: 'a row travels with an older status than its version has',
    sabotage: () => ({
      frame: (text) =>
        text.startsWith('{"type":"changes"') ? text.replace(/"(away|offline)"/, '"online"') : text,
    }),
  },
  {
    property: 'S5',
    fault: 'a subscriber is told the first state again at each change',
    sabotage: () =>
      tenantsWith((tenant) => ({
        watch: (userIds, listener) => {
          const first = new Map<string, UserPresence>();
          return tenant.watch(userIds, (presence) => {
            const old = first.get(presence.userId);
            first.set(presence.userId, old ?? presence);
            listener(presence);
            if (old) listener(old);
          });
        },
      })),
  },
  {
    property: 'S6',
    fault: 'each change is told twice',
    sabotage: () =>
      tenantsWith((tenant) => ({
        watch: (userIds, listener) =>
          tenant.watch(userIds, (presence) => {
            listener(presence);
            listener(presence);
          }),
      })),
  },
  {
    property: 'S7',
    fault: 'each third frame of changes is lost',
    sabotage: () => {
      let frames = 0;
      return {
        frame: (text) => {
          if (!text.startsWith('{"type":"changes"')) return text;
          frames += 1;
          return frames % 3 === 0 ? null : text;
        },
      };
    },
  },
  {
    property: 'S8',
    fault: 'claims go with the last session',
    sabotage: () =>
      recordsAs((record) => (record.sessions.length > 0 ? record : { ...record, claims: [] })),
  },
  {
    property: 'S11',
    fault: 'a block is acknowledged before it is stored, which it never is',
    sabotage: () => tenantsWith(() => ({ setAccount: async () => undefined })),
  },
  {
    property: 'S12',
    fault: 'signing out by a request ends nothing',
    sabotage: () => ({
      presence: (presence) => ({
        ...presence,
        handle: async (request) =>
          request.path === '/leave'
            ? { status: 204, headers: {}, body: null }
            : presence.handle(request),
      }),
    }),
  },
  {
    property: 'S13',
    fault: 'counts leave out whom the index could not judge',
    sabotage: () =>
      storeWith((store) => ({
        count: async (scope) => ({ ...(await store.count(scope)), overdue: [] }),
      })),
  },
  {
    property: 'S14',
    fault: 'pages begin at a rank instead of at a user',
    sabotage: () =>
      tenantsWith((tenant) => ({
        list: async (options = {}) => {
          const { presences, asOf } = await tenant.list();
          const from = Number(options.cursor ?? 0);
          const to = from + (options.limit ?? 100);
          const nextCursor = to < presences.length ? { nextCursor: `${to}` } : {};
          return { presences: presences.slice(from, to), asOf, ...nextCursor };
        },
      })),
  },
  {
    property: 'S15',
    fault: 'the tenant is not part of the key of a record',
    sabotage: () =>
      storeWith((store) => ({
        load: (keys) => store.load(keys.map(({ userId }) => ({ tenant: ONE_TENANT, userId }))),
        commit: (writes) =>
          store.commit(
            writes.map((write) => ({ ...write, key: { ...write.key, tenant: ONE_TENANT } })),
          ),
      })),
  },
  {
    property: 'S16',
    fault: 'lastSeenAt is rounded down to the second, by a clock that wanders',
    sabotage: () => {
      let reads = 0;
      return readsAs((shown) => {
        reads += 1;
        const { lastSeenAt } = shown;
        return { ...shown, lastSeenAt: lastSeenAt === null ? null : lastSeenAt - (reads % 7) };
      });
    },
  },
  {
    property: 'S17',
    fault: 'hidden users are stored as they are',
    sabotage: () => recordsAs((record) => ({ ...record, public: record.own })),
  },
  {
    property: 'S18',
    fault: 'a page shows for ever what it knew first',
    sabotage: () => ({ client: stuck }),
  },
  {
    property: 'S20',
    fault: 'each request leaves a timer behind',
    sabotage: () => ({
      presence: (presence, clock) => ({
        ...presence,
        handle: (request) => {
          clock.every(60_000, () => undefined);
          return presence.handle(request);
        },
      }),
    }),
  },
  {
    property: 'L1',
    fault: 'the reaper finds nobody',
    sabotage: () =>
      storeWith((store) => ({
        due: async (limit, spread) => ({
          ...(await store.due(limit, spread)),
          items: [],
          more: false,
        }),
      })),
  },
  {
    property: 'L2',
    fault: 'there is no grace',
    sabotage: () => ({ policy: { grace: { lostMs: 0, closedMs: 0 } } }),
  },
  {
    property: 'L4',
    fault: 'a page shows for ever what it knew first',
    sabotage: () => ({ client: stuck }),
  },
  {
    property: 'L7',
    fault: 'whoever comes back is asked to come later, for ever',
    sabotage: () => {
      const busy = { status: 503, headers: { 'retry-after': '1' }, body: null };
      return {
        answer: ({ path }, answer) => (path === '/ticket' || path === '/heartbeat' ? busy : answer),
      };
    },
  },
  ...PLANTED_IN_ROOMS,
];

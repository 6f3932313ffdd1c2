import { TENANT_SCOPE } from '@presence/core';
import type { RoomChangesFrame } from '@presence/core/protocol';
import type { PresenceClient, RoomState } from '@presence/client';
import { ROOMS } from '../stage.ts';
import type { Sabotage } from '../world/server-process.ts';
import { recordsAs, storeWith, type Planted } from './planting.ts';

const ONE_TENANT = 'default';

const ofRoom = (scope: string): boolean => scope !== TENANT_SCOPE;

/** Frames of changes in rooms come out otherwise. */
const roomChangesAs = (change: (text: string, socket: object) => string | null): Sabotage => ({
  frame: (text, socket) =>
    text.startsWith('{"type":"changes","room"') ? change(text, socket) : text,
});

/** A page shows a room otherwise. */
const roomsShownAs =
  (change: (room: string, shown: RoomState) => RoomState) =>
  (client: PresenceClient): PresenceClient => ({
    ...client,
    room: (id) => {
      const room = client.room(id);
      return { ...room, getSnapshot: () => change(id, room.getSnapshot()) };
    },
  });

/** What was known first is shown for ever. */
const stuck = (): ((client: PresenceClient) => PresenceClient) => (client) => {
  const first = new Map<string, RoomState>();
  client.subscribe(() => {
    for (const id of ROOMS) {
      const shown = client.room(id).getSnapshot();
      if (shown.synced && !first.has(id)) first.set(id, shown);
    }
  });
  return roomsShownAs((id, shown) => first.get(id) ?? shown)(client);
};

/** Whoever typed once is shown typing for ever. */
const typists = (): ((client: PresenceClient) => PresenceClient) => (client) => {
  const ever = new Map<string, Set<string>>();
  return roomsShownAs((id, shown) => {
    const ofRoom = ever.get(id) ?? new Set<string>();
    ever.set(id, ofRoom);
    for (const userId of shown.typing) ofRoom.add(userId);
    return { ...shown, typing: [...ofRoom] };
  })(client);
};

export const PLANTED_IN_ROOMS: readonly Planted[] = [
  {
    property: 'S1 rooms',
    fault: 'a user is a member with each session',
    sabotage: () =>
      storeWith((store) => ({
        find: async (query) => {
          const answer = await store.find(query);
          const items = answer.items.flatMap((item) =>
            (item.record?.sessions ?? [item]).map(() => item),
          );
          return ofRoom(query.scope) ? { ...answer, items } : answer;
        },
      })),
  },
  {
    property: 'S1 rooms',
    fault: 'whoever comes back within the grace is out of their rooms',
    sabotage: () =>
      recordsAs((record) => ({
        ...record,
        sessions: record.sessions.map((session) => {
          const { rooms: _, ...rest } = session;
          return session.generation > 1 ? rest : session;
        }),
      })),
  },
  {
    property: 'S1 rooms',
    fault: 'leaving a room by a request is acknowledged and forgotten',
    sabotage: () => ({
      presence: (presence) => ({
        ...presence,
        handle: async (request) =>
          /^\/rooms\/\w+\/leave$/.test(request.path)
            ? { status: 204, headers: {}, body: null }
            : presence.handle(request),
      }),
    }),
  },
  {
    property: 'S1 typing',
    fault: 'typing lasts twenty seconds',
    sabotage: () => ({ policy: { typingMs: 20_000 } }),
  },
  {
    property: 'S1 typing',
    fault: 'that somebody stopped typing is acknowledged and told to nobody',
    sabotage: () =>
      storeWith((store) => ({
        signal: async (topic, message) => {
          const { type, forMs } = message as { type?: string; forMs?: number };
          if (type !== 'typing' || forMs !== 0) await store.signal(topic, message);
        },
      })),
  },
  {
    property: 'S1 typing',
    fault: 'leaving a room does not end typing there',
    sabotage: () =>
      storeWith((store) => ({
        subscribe: (topics, on) => store.subscribe(topics, { ...on, change: () => undefined }),
      })),
  },
  {
    property: 'S1 typing',
    fault: 'a page shows for ever who typed once',
    sabotage: () => ({ client: typists() }),
  },
  {
    property: 'S5 rooms',
    fault: 'each second frame of changes in rooms is the one before once more',
    sabotage: () => {
      const before = new WeakMap<object, string[]>();
      return roomChangesAs((text, socket) => {
        const texts = before.get(socket) ?? [];
        before.set(socket, [...texts, text]);
        return texts.length % 2 === 1 ? (texts.at(-2) ?? text) : text;
      });
    },
  },
  {
    property: 'S7 rooms',
    fault: 'each third frame of changes in rooms is lost',
    sabotage: () => {
      let frames = 0;
      return roomChangesAs((text) => {
        frames += 1;
        return frames % 3 === 0 ? null : text;
      });
    },
  },
  {
    property: 'S7 rooms',
    fault: 'who types is told to nobody',
    sabotage: () => ({
      frame: (text) => (text.startsWith('{"type":"typing"') ? null : text),
    }),
  },
  {
    property: 'S13 rooms',
    fault: 'a room counts the whole tenant',
    sabotage: () =>
      storeWith((store) => ({
        count: (scope) => store.count({ ...scope, scope: TENANT_SCOPE }),
      })),
  },
  {
    property: 'S15 rooms',
    fault: 'the tenant is not part of the name of a room',
    sabotage: () =>
      storeWith((store) => ({
        find: (query) => store.find(ofRoom(query.scope) ? { ...query, tenant: ONE_TENANT } : query),
      })),
  },
  {
    property: 'S17 rooms',
    fault: 'the rooms that a login names are not looked at',
    sabotage: () => ({
      presence: (presence) => ({
        ...presence,
        handle: (request) => {
          const { login } = request.raw;
          return presence.handle({
            ...request,
            raw: { login: login && { ...login, rooms: undefined } },
          });
        },
      }),
    }),
  },
  {
    property: 'S18 rooms',
    fault: 'a page shows for ever who was in a room first',
    sabotage: () => ({ client: stuck() }),
  },
  {
    property: 'L2 rooms',
    fault: 'whoever is away is told to have left',
    sabotage: () =>
      roomChangesAs((text) => {
        const frame = JSON.parse(text) as RoomChangesFrame;
        const presences = frame.presences.map((row) =>
          row[1] === 'away' ? [row[0], 'gone', row[2]] : row,
        );
        return JSON.stringify({ ...frame, presences });
      }),
  },
  {
    property: 'L4 rooms',
    fault: 'a page shows for ever who was in a room first',
    sabotage: () => ({ client: stuck() }),
  },
];

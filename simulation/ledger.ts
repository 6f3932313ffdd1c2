import {
  presenceOf,
  type CompactRow,
  type Presence,
  type Projection,
  type Status,
} from '@presence/core';
import type {
  HeartbeatResponse,
  Me,
  OnlineAnswer,
  RoomAnswer,
  RoomMember,
  Row,
  ServerFrame,
  UsersAnswer,
} from '@presence/core/protocol';
import type { BorderListener, Exchange, SocketFacts } from './world/border.ts';
import type { Login } from './world/server-process.ts';

/** One thing that the server said of one user. */
export interface Sight {
  readonly tenant: string;
  readonly userId: string;
  readonly projection: Projection;
  readonly status: Status;
  readonly version: number;
  /** Absent where only status and version travel. */
  readonly presence?: Presence;
  /** The channel that carried it: `read`, `http`, or a socket's number. */
  readonly via: string;
}

/** Everything that the server ever said of anybody, to whomever. */
export interface Ledger {
  readonly listener: BorderListener;
  onSight(listener: (sight: Sight) => void): void;
  read(tenant: string, presence: Presence, projection: Projection): void;
  readRoom(tenant: string, answer: RoomAnswer): void;
  /** Whose socket it is, once welcomed. */
  ownerOf(socket: number): Login | undefined;
}

/** A presence, or a row of which only status and version travelled. */
type Seen = Presence | readonly [...CompactRow, ...rest: unknown[]];

/** What sessions say of themselves in a room is no part of how somebody is. */
export const withoutMeta = (member: RoomMember): Presence => {
  const { meta: _, ...presence } = member;
  return presence;
};

const sightOf = (tenant: string, seen: Seen, via: string, projection: Projection): Sight => {
  if (!('userId' in seen)) {
    const [userId, status, version] = seen;
    return { tenant, userId, projection, status, version, via };
  }
  const { userId, status, version } = seen;
  return { tenant, userId, projection, status, version, presence: withoutMeta(seen), via };
};

const seenIn = (row: Row): Seen => (row.length === 3 ? row : presenceOf(row));

/** The rows that an answer holds, by its route. */
const rowsOf = ({ request, answer }: Exchange): [readonly Seen[], Projection] => {
  const { method, path } = request;
  if (answer.status !== 200 || answer.body === null) return [[], 'public'];
  const body = JSON.parse(answer.body) as unknown;
  if (path === '/heartbeat') {
    const { userId, status, version } = body as HeartbeatResponse;
    return [[[userId, status, version]], 'true'];
  }
  if (path.startsWith('/me')) {
    const me = body as Partial<Me> & Partial<Presence>;
    return me.presence ? [[me.presence], 'true'] : [[], 'true'];
  }
  if (path === '/users/query') return [(body as UsersAnswer).presences, 'public'];
  if (path === '/online') return [(body as OnlineAnswer).presences, 'public'];
  if (method === 'GET' && path.startsWith('/rooms/')) {
    return [(body as RoomAnswer).members, 'public'];
  }
  return method === 'GET' && path.startsWith('/users/')
    ? [[body as Presence], 'public']
    : [[], 'public'];
};

export const createLedger = (tickets: ReadonlyMap<string, Login>): Ledger => {
  const listeners: ((sight: Sight) => void)[] = [];
  const helloTickets = new Map<number, string>();
  const tell = (sight: Sight): void => listeners.forEach((listener) => listener(sight));

  const frameOut = ({ id }: SocketFacts, text: string): void => {
    const frame = JSON.parse(text) as ServerFrame;
    const owner = tickets.get(helloTickets.get(id) ?? '');
    if (!owner) return;
    if (frame.type === 'me') tell(sightOf(owner.tenant, frame.presence, `socket ${id}`, 'true'));
    if (frame.type !== 'snapshot' && frame.type !== 'changes') return;
    for (const row of frame.presences) {
      // They left a room: nothing is said of how they are.
      if (row[1] === 'gone') continue;
      tell(sightOf(owner.tenant, seenIn(row), `socket ${id}`, 'public'));
    }
  };

  return {
    onSight: (listener) => void listeners.push(listener),
    read: (tenant, presence, projection) => tell(sightOf(tenant, presence, 'read', projection)),
    readRoom: (tenant, { members }) => {
      for (const member of members) tell(sightOf(tenant, member, 'read', 'public'));
    },
    ownerOf: (socket) => tickets.get(helloTickets.get(socket) ?? ''),
    listener: {
      answered: (exchange) => {
        const { login } = exchange.request;
        if (!login) return;
        const [rows, projection] = rowsOf(exchange);
        for (const row of rows) tell(sightOf(login.tenant, row, 'http', projection));
      },
      frameIn: ({ id }, text) => {
        const frame = JSON.parse(text) as { type?: string; ticket?: string };
        if (frame.type === 'hello' && frame.ticket !== undefined) {
          helloTickets.set(id, frame.ticket);
        }
      },
      frameOut,
      closed: ({ id }) => void helloTickets.delete(id),
    },
  };
};

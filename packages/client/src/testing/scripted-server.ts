import { isInRoom, PresenceError, type ErrorCode, type Presence } from '@presence/core';
import type {
  ClientFrame,
  ClientPolicy,
  HeartbeatRequest,
  Json,
  LeaveRequest,
  RoomAnswer,
  ServerFrame,
} from '@presence/core/protocol';
import { openScriptedSocket, type FrameRefusal } from './scripted-socket.ts';
import {
  createScriptedState,
  SCRIPTED_POLICY,
  type ScriptedClock,
  type ScriptedSession,
} from './scripted-state.ts';
import { roomRoute } from './server-room-routes.ts';
import type { Network } from './virtual-network.ts';

export interface ScriptedRequest {
  readonly userId: string;
  readonly method: string;
  /** Below the mount, with the query. */
  readonly path: string;
  readonly body: unknown;
}

/** How a route is to answer instead of as it would. */
interface Refusal {
  readonly status: number;
  readonly code?: string;
  readonly retryAfterSeconds?: number;
}

/** A small presence server for tests of clients: it says what it is told to, and remembers what it heard. */
export interface ScriptedServer {
  /** The way there for a browser in which this user is signed in. */
  network(userId: string): Network;
  readonly requests: ScriptedRequest[];
  readonly frames: {
    readonly userId: string;
    readonly frame: ClientFrame;
    readonly bytes: number;
  }[];
  readonly sessions: ReadonlyMap<string, ScriptedSession>;
  sockets(): number;
  /** Changes a user's row and tells who watches. */
  set(userId: string, change: Partial<Omit<Presence, 'userId' | 'version'>>): void;
  row(userId: string): Presence;
  /**
   * Lets somebody join a room, or say something else of themselves there, and tells who watches it. Whoever is offline comes
   * online: nobody else is seen in rooms. Their status is `set`'s from then on.
   *
   * @param meta JSON of at most 256 bytes @throws PresenceError `invalid_request` where the server would refuse it
   */
  joinRoom(userId: string, room: string, meta?: Json): void;
  /** Takes somebody out of a room, with all of their sessions. */
  leaveRoom(userId: string, room: string): void;
  /**
   * Lets somebody type in a room, or stop; they stop by themselves after six seconds.
   *
   * @throws PresenceError `not_found` if they are not in the room
   */
  setTyping(userId: string, room: string, state: boolean): void;
  /** A room as the server would tell it, the page under test among its members once it has joined. */
  room(room: string): RoomAnswer;
  /** `null`: answers as usual again. */
  refuse(path: string, refusal: Refusal | null): void;
  /** How frames of a type are answered; `null`: as usual again. */
  refuseFrames(type: ClientFrame['type'], refusal: FrameRefusal | null): void;
  /** Sockets do not get through: they break before they open. */
  blockSockets(blocked: boolean): void;
  /** Nothing that is said on sockets is answered. */
  mute(muted: boolean): void;
  /** How long each frame of the server is under way. Default 0. */
  slow(latencyMs: number): void;
  closeSockets(code: number, reason?: string): void;
  /** Says something on every open socket. */
  say(frame: ServerFrame): void;
  /** Forgets every session, as after a loss of data. */
  forgetSessions(): void;
}

/** As much of a Response as a client reads, without streams: those need real time. */
const answer = (status: number, body?: unknown, headers: Record<string, string> = {}): Response => {
  const text = body === undefined ? '' : JSON.stringify(body);
  return {
    ok: status < 400,
    status,
    headers: new Headers(headers),
    text: async () => text,
    json: async () => JSON.parse(text) as unknown,
  } as Response;
};

const refusal = ({ status, code, retryAfterSeconds }: Refusal): Response =>
  answer(
    status,
    code === undefined ? {} : { error: { code, message: `refused: ${code}` } },
    retryAfterSeconds === undefined ? {} : { 'retry-after': String(retryAfterSeconds) },
  );

/** Throws what the server would answer. */
const allowed = (code: ErrorCode | undefined, what: string): void => {
  if (code) throw new PresenceError(code, `[presence/client] They may not ${what}.`);
};

/** @param options.policy what the welcome says; the default policy otherwise */
export const createScriptedServer = (options: {
  readonly clock: ScriptedClock;
  readonly policy?: Partial<ClientPolicy>;
  /** Where presence is mounted. Default `/presence`. */
  readonly mount?: string;
}): ScriptedServer => {
  const { clock, mount = '/presence' } = options;
  const policy = { ...SCRIPTED_POLICY, ...options.policy };
  const state = createScriptedState(clock);
  const tickets = new Map<string, string>();
  const refusals = new Map<string, Refusal>();
  const frameRefusals = new Map<string, FrameRefusal>();
  const requests: ScriptedRequest[] = [];
  const frames: ScriptedServer['frames'] = [];
  let blocked = false;
  let muted = false;
  let latencyMs = 0;
  let issued = 0;

  const heartbeat = (userId: string, beat: HeartbeatRequest): Response => {
    const known = beat.sessionId === undefined ? undefined : state.sessions.get(beat.sessionId);
    if (
      beat.sessionId !== undefined &&
      (known?.userId !== userId || (known.connection && beat.seq !== 0))
    ) {
      return refusal({ status: 409, code: 'session_gone' });
    }
    const session = known ?? state.open(userId);
    session.idle = beat.activity === 'idle';
    state.end(session, 135_000);
    state.derive(userId);
    const { status, version } = state.row(userId);
    const opening = beat.seq === 0 && { leaveToken: session.leaveToken, policy };
    const nextBeatMs = beat.hidden ? policy.hiddenHeartbeatMs : policy.heartbeatMs;
    const asOf = clock.now();
    return answer(200, {
      sessionId: session.id,
      userId,
      status,
      version,
      nextBeatMs,
      leaseMs: 120_000,
      asOf,
      ...opening,
    });
  };
  const leave = ({ sessionId, reason }: LeaveRequest): Response => {
    const session = state.sessions.get(sessionId);
    if (session) state.end(session, reason === 'closed' ? 5000 : 0);
    return answer(204);
  };
  const ticket = (userId: string): Response => {
    issued += 1;
    tickets.set(`ticket-${issued}`, userId);
    return answer(200, { ticket: `ticket-${issued}`, expiresInMs: 10_000 });
  };
  const status = (userId: string, claim: Parameters<typeof state.claim>[1]): Response => {
    state.claim(userId, claim);
    return answer(200, state.me(userId));
  };
  const routes: Readonly<Record<string, (userId: string, body: never) => Response>> = {
    'POST /ticket': ticket,
    'POST /heartbeat': heartbeat,
    'POST /leave': (_, body) => leave(body),
    'GET /me': (userId) => answer(200, state.me(userId)),
    'PUT /me/status': status,
    'DELETE /me/status': (userId) => status(userId, null),
    'PUT /me/visibility': (userId) => answer(200, state.me(userId)),
    'POST /users/query': (_, { userIds }: { userIds: string[] }) =>
      answer(200, {
        presences: userIds.map(state.row),
        asOf: clock.now(),
        staleAfterMs: policy.staleAfterMs,
      }),
    'GET /online': () => answer(200, { presences: state.online(), asOf: clock.now() }),
  };

  return {
    network: (userId) => ({
      async fetch(input, init) {
        const url = new URL(input instanceof Request ? input.url : input);
        const path = url.pathname.slice(mount.length);
        const method = init?.method ?? 'GET';
        const body: unknown = typeof init?.body === 'string' ? JSON.parse(init.body) : undefined;
        requests.push({ userId, method, path: path + url.search, body });
        const refused = refusals.get(path);
        if (refused) return refusal(refused);
        const inRoom = roomRoute(state, userId, method, path, url.searchParams, body);
        if (inRoom) return inRoom.code ? refusal(inRoom) : answer(inRoom.status, inRoom.body);
        const route = routes[`${method} ${path}`];
        return route ? route(userId, body as never) : refusal({ status: 404, code: 'not_found' });
      },
      transport: {
        connect(_url, events) {
          if (!blocked) {
            return openScriptedSocket(
              {
                state,
                policy,
                ticketOf(id) {
                  const named = tickets.get(id) ?? null;
                  tickets.delete(id);
                  return named;
                },
                received: (from, frame, bytes) => frames.push({ userId: from, frame, bytes }),
                refusedFrame: (type) => frameRefusals.get(type),
                mute: () => muted,
                latencyMs: () => latencyMs,
              },
              userId,
              events,
            );
          }
          queueMicrotask(() => events.closed(1006, ''));
          return { send: () => {}, close: () => {} };
        },
      },
    }),
    requests,
    frames,
    sessions: state.sessions,
    sockets: () => state.connections.size,
    set: state.set,
    row: state.row,
    joinRoom(userId, room, meta) {
      if (state.row(userId).status === 'offline') state.set(userId, { status: 'online' });
      allowed(state.rooms.join(state.told(userId), room, meta), `join ${room}`);
    },
    leaveRoom(userId, room) {
      for (const who of state.stayingOf(userId)) state.rooms.leave(who, room);
    },
    setTyping(userId, room, typing) {
      const who = state.stayingOf(userId).find((one) => isInRoom(one, room));
      allowed(who ? state.rooms.type(who, room, typing) : 'not_found', `type in ${room}`);
    },
    room: state.rooms.page,
    refuse(path, how) {
      if (how) refusals.set(path, how);
      else refusals.delete(path);
    },
    refuseFrames(type, how) {
      if (how) frameRefusals.set(type, how);
      else frameRefusals.delete(type);
    },
    blockSockets(is) {
      blocked = is;
    },
    mute(is) {
      muted = is;
    },
    slow(ms) {
      latencyMs = ms;
    },
    closeSockets(code, reason) {
      for (const connection of state.connections) connection.close(code, reason);
    },
    say(frame) {
      for (const connection of state.connections) connection.send(frame);
    },
    forgetSessions() {
      for (const session of state.sessions.values()) {
        session.ending?.();
        if (session.connection) session.connection.session = null;
      }
      const left = [...state.sessions.values()];
      state.sessions.clear();
      for (const { userId } of left) state.rooms.refresh(userId);
    },
  };
};

import type { HeartbeatRequest, HeartbeatResponse, LeaveRequest } from '@presence/core/protocol';
import type { ClaimableStatus, Visibility } from '@presence/core';
import type { Exchange, WireRequest } from '../world/border.ts';
import { endOf, TOUCHED, type KnownSession, type KnownUser } from './facts.ts';
import { arrivedInRoom, learnFromRoom, type RoomRequest } from './from-rooms.ts';
import type { LeaveRight, Rights } from './rights.ts';
import { GRACE_CLOSED_MS, IDLE_TOLERANCE_MS } from './timing.ts';

interface Parts {
  readonly rights: Rights;
  user(tenant: string, userId: string): KnownUser;
  /** Takes off what has ended by now. */
  prune(user: KnownUser): void;
  /** A session was taken that had ended, or never was. */
  strange(user: KnownUser, sessionId: string): void;
}

const idleSinceOf = (body: HeartbeatRequest, at: number, before: number | null): number | null => {
  if (body.activity !== 'idle') return null;
  return body.idleMs === undefined ? (before ?? at) : at - body.idleMs;
};

const opened = (
  id: string,
  before: KnownSession | undefined,
  at: number,
  answer: HeartbeatResponse,
): KnownSession => ({
  id,
  socket: null,
  generation: (before?.generation ?? 0) + 1,
  lease: { from: at + answer.leaseMs, by: at + answer.leaseMs },
  leaving: null,
  silent: null,
  idleSince: null,
  activeAt: at,
  seq: 0,
  stalledMs: 0,
  rooms: before?.rooms ?? new Map(),
});

const renewed = (session: KnownSession, forMs: number, at: number): void => {
  const { from, by } = session.lease ?? { from: 0, by: 0 };
  session.lease = { from: Math.max(from, at + forMs), by: Math.max(by, at + forMs) };
};

/** Whether an instant of idleness is another one than before. */
const hasMoved = (before: number | null, now: number | null): boolean =>
  before === null || now === null ? before !== now : now - before >= IDLE_TOLERANCE_MS;

const beat = (user: KnownUser, exchange: Exchange, { rights, strange }: Parts): void => {
  const body = exchange.request.body as HeartbeatRequest;
  const answer = JSON.parse(exchange.answer.body ?? '') as HeartbeatResponse;
  const at = exchange.answeredAt;
  const before = user.sessions.get(answer.sessionId);
  if (body.sessionId !== undefined && !before) strange(user, body.sessionId);
  if (answer.leaveToken !== undefined) {
    const { tenant, userId } = user;
    const session = opened(answer.sessionId, before, at, answer);
    session.idleSince = idleSinceOf(body, at, before?.idleSince ?? null);
    user.sessions.delete(TOUCHED);
    user.sessions.set(session.id, session);
    const { generation } = session;
    rights.leave.set(answer.leaveToken, { tenant, userId, sessionId: session.id, generation });
    return;
  }
  if (!before) return;
  if (body.seq !== undefined && body.seq <= before.seq) return;
  renewed(before, answer.leaseMs, at);
  const idleSince = idleSinceOf(body, at, before.idleSince);
  if (!hasMoved(before.idleSince, idleSince)) return;
  before.seq = body.seq ?? before.seq;
  before.idleSince = idleSince;
};

const leave = (user: KnownUser, right: Partial<LeaveRight>, exchange: Exchange): void => {
  const { sessionId, reason } = exchange.request.body as LeaveRequest;
  const session = user.sessions.get(sessionId);
  if (!session) return;
  if (right.generation !== undefined && right.generation !== session.generation) return;
  if (reason === 'signed-out') return void user.sessions.delete(sessionId);
  const at = exchange.answeredAt + GRACE_CLOSED_MS;
  if (session.leaving && session.leaving.by <= at) return;
  session.leaving = { from: Math.min(at, session.leaving?.from ?? at), by: at };
};

const claim = (user: KnownUser, exchange: Exchange): void => {
  const body = exchange.request.body as {
    status: ClaimableStatus;
    message?: string;
    forMs?: number;
  };
  user.claims.set('user', {
    source: 'user',
    status: body.status,
    message: body.message ?? null,
    until: body.forMs === undefined ? null : exchange.answeredAt + body.forMs,
    priority: 50,
    setAt: exchange.answeredAt,
    holdsAbsent: false,
  });
};

/** `/rooms/hall/join` as what it asks; `null`: another path. */
const roomRequestOf = (request: WireRequest): RoomRequest | null => {
  const [, rooms, room = '', type] = request.path.split('/');
  if (rooms !== 'rooms' || request.method !== 'POST') return null;
  return { type, room, ...request.body } as RoomRequest;
};

const askedOfRoom = (user: KnownUser, exchange: Exchange): void => {
  const asked = roomRequestOf(exchange.request);
  if (!asked) return;
  const { sessionId } = exchange.request.body as { sessionId: string };
  learnFromRoom(user, user.sessions.get(sessionId), asked, exchange.answeredAt);
};

const learnOfUser = (user: KnownUser, exchange: Exchange, parts: Parts): void => {
  const { method, path, body, login } = exchange.request;
  switch (`${method} ${path}`) {
    case 'POST /heartbeat':
      return beat(user, exchange, parts);
    case 'PUT /me/status':
      return claim(user, exchange);
    case 'DELETE /me/status':
      return void user.claims.delete('user');
    case 'PUT /me/visibility':
      user.visibility = (body as { visibility: Visibility }).visibility;
      if (user.visibility === 'visible') user.shownAt = exchange.answeredAt;
      return;
    case 'POST /ticket': {
      const { ticket } = JSON.parse(exchange.answer.body ?? '') as { ticket: string };
      if (login) parts.rights.tickets.set(ticket, login);
      return;
    }
    default:
      return askedOfRoom(user, exchange);
  }
};

/** What others may be told of before the request is answered. */
export const learnFromArrival = (request: WireRequest, user: Parts['user'], at: number): void => {
  const asked = roomRequestOf(request);
  const { login } = request;
  if (asked && login) arrivedInRoom(user(login.tenant, login.userId), asked, at);
};

/** What an answered request makes known. Refusals make nothing known: they must have changed nothing. */
export const learnFromHttp = (exchange: Exchange, parts: Parts): void => {
  const { user, rights, prune } = parts;
  const { request, answer } = exchange;
  if (answer.status >= 300) return;
  if (request.path === '/leave') {
    const { leaveToken } = request.body as LeaveRequest;
    const right = leaveToken === undefined ? request.login : rights.leave.get(leaveToken);
    if (!right) return;
    const known = user(right.tenant, right.userId);
    prune(known);
    known.touchedAt = exchange.answeredAt;
    return leave(known, leaveToken === undefined ? {} : right, exchange);
  }
  if (!request.login) return;
  const known = user(request.login.tenant, request.login.userId);
  prune(known);
  if (request.method !== 'GET') known.touchedAt = exchange.answeredAt;
  learnOfUser(known, exchange, parts);
};

export const isSurelyAlive = (session: KnownSession | undefined, at: number): boolean =>
  session !== undefined && endOf(session).from > at;

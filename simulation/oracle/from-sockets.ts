import type { ClaimableStatus, Visibility } from '@presence/core';
import type {
  ActivityFrame,
  ClientFrame,
  HelloFrame,
  ServerFrame,
  WelcomeFrame,
} from '@presence/core/protocol';
import type { BorderListener, SocketFacts } from '../world/border.ts';
import { NEVER, TOUCHED, type KnownSession, type KnownUser } from './facts.ts';
import { arrivedInRoom, learnFromRoom, unansweredInRoom, type RoomRequest } from './from-rooms.ts';
import type { Rights } from './rights.ts';
import { FOUND_OUT_MS, GRACE_CLOSED_MS, GRACE_LOST_MS, SLACK_MS } from './timing.ts';

interface Parts {
  readonly rights: Rights;
  now(): number;
  user(tenant: string, userId: string): KnownUser;
  /** Takes off what has ended by now. */
  prune(user: KnownUser): void;
  /** A session was taken that had ended, or never was. */
  strange(user: KnownUser, sessionId: string): void;
}

/** What is known of one socket. */
interface Seen {
  hello: HelloFrame | null;
  user: KnownUser | null;
  sessionId: string | null;
  hasSaidBye: boolean;
  isSilent: boolean;
  /** Frames that wait for their answer. */
  readonly asked: Map<number, ClientFrame>;
}

type StatusFrame = Extract<ClientFrame, { type: 'status' }>;

const isOfRoom = (frame: ClientFrame): frame is ClientFrame & RoomRequest =>
  frame.type === 'join' || frame.type === 'leave' || frame.type === 'typing';

const silence = (at: number) => ({
  from: at + FOUND_OUT_MS.least + GRACE_LOST_MS - SLACK_MS,
  by: at + FOUND_OUT_MS.most + GRACE_LOST_MS + SLACK_MS,
});

const claimed = (user: KnownUser, frame: StatusFrame, at: number): void => {
  if (frame.status === null) return void user.claims.delete('user');
  user.claims.set('user', {
    source: 'user',
    status: frame.status satisfies ClaimableStatus,
    message: frame.message ?? null,
    until: frame.forMs === undefined ? null : at + frame.forMs,
    priority: 50,
    setAt: at,
    holdsAbsent: false,
  });
};

const active = (session: KnownSession, { state, idleMs }: ActivityFrame, at: number): void => {
  session.idleSince = state === 'active' ? null : at - (idleMs ?? 0);
  session.activeAt = at;
  session.stalledMs = 0;
};

const unseen = (): Seen => ({
  hello: null,
  user: null,
  sessionId: null,
  hasSaidBye: false,
  isSilent: false,
  asked: new Map(),
});

/** What is known of all sockets. */
interface Reader extends Parts {
  readonly sockets: Map<number, Seen>;
}

const seenOf = ({ sockets }: Reader, { id }: SocketFacts): Seen => {
  const seen = sockets.get(id) ?? unseen();
  sockets.set(id, seen);
  return seen;
};

/** The session, while this socket holds it. */
const heldBy = (reader: Reader, socket: SocketFacts): KnownSession | null => {
  const { user, sessionId } = seenOf(reader, socket);
  const session = sessionId === null ? undefined : user?.sessions.get(sessionId);
  return session?.socket === socket.id ? session : null;
};

const leaves = (session: KnownSession, at: number): void => {
  const { from, by } = session.leaving ?? { from: NEVER, by: NEVER };
  session.leaving = { from: Math.min(from, at), by: Math.min(by, at + SLACK_MS) };
};

/** Judges whether the session may be taken at all. */
const checkOpening = (reader: Reader, known: KnownUser, hello: HelloFrame): void => {
  const { rights, strange, prune } = reader;
  prune(known);
  if (hello.sessionId !== undefined && !known.sessions.has(hello.sessionId)) {
    strange(known, hello.sessionId);
  }
  if (rights.spent.has(hello.ticket)) strange(known, 'by a ticket used before');
  rights.spent.add(hello.ticket);
};

const welcomed = (reader: Reader, socket: SocketFacts, frame: WelcomeFrame): void => {
  const seen = seenOf(reader, socket);
  const { hello } = seen;
  const login = hello ? reader.rights.tickets.get(hello.ticket) : undefined;
  if (!hello || !login) return;
  const { tenant, userId } = login;
  const { sessionId, leaveToken } = frame;
  const known = reader.user(tenant, userId);
  checkOpening(reader, known, hello);
  known.sessions.delete(TOUCHED);
  const before = known.sessions.get(sessionId);
  const generation = (before?.generation ?? 0) + 1;
  const at = reader.now();
  seen.user = known;
  seen.sessionId = sessionId;
  known.touchedAt = at;
  known.sessions.set(sessionId, {
    id: sessionId,
    socket: socket.id,
    generation,
    lease: null,
    leaving: null,
    silent: seen.isSilent ? silence(at) : null,
    idleSince: hello.idleMs === undefined ? null : at - hello.idleMs,
    activeAt: at,
    seq: 0,
    stalledMs: 0,
    rooms: before?.rooms ?? new Map(),
  });
  reader.rights.leave.set(leaveToken, { tenant, userId, sessionId, generation });
};

const saidBye = (reader: Reader, socket: SocketFacts, reason: 'closed' | 'signed-out'): void => {
  const session = heldBy(reader, socket);
  const seen = seenOf(reader, socket);
  if (!session || seen.hasSaidBye) return;
  seen.hasSaidBye = true;
  if (reason === 'signed-out') seen.user?.sessions.delete(session.id);
  else leaves(session, reader.now() + GRACE_CLOSED_MS);
};

const acknowledged = (reader: Reader, socket: SocketFacts, seen: Seen, ref: number): void => {
  const { now } = reader;
  const frame = seen.asked.get(ref);
  seen.asked.delete(ref);
  if (!frame || !seen.user) return;
  seen.user.touchedAt = now();
  if (frame.type === 'status') claimed(seen.user, frame, now());
  if (isOfRoom(frame)) {
    learnFromRoom(seen.user, heldBy(reader, socket) ?? undefined, frame, now());
  }
  if (frame.type !== 'visibility') return;
  seen.user.visibility = frame.visibility satisfies Visibility;
  if (frame.visibility === 'visible') seen.user.shownAt = now();
};

const frameIn = (reader: Reader, socket: SocketFacts, frame: ClientFrame): void => {
  const seen = seenOf(reader, socket);
  if (frame.ref !== undefined) seen.asked.set(frame.ref, frame);
  if (frame.type === 'hello') seen.hello ??= frame;
  else if (frame.type === 'bye') saidBye(reader, socket, frame.reason);
  else if (frame.type === 'activity') {
    const session = heldBy(reader, socket);
    if (session) active(session, frame, reader.now());
    if (seen.user) seen.user.touchedAt = reader.now();
  } else if (isOfRoom(frame) && seen.user) arrivedInRoom(seen.user, frame, reader.now());
};

const frameOut = (reader: Reader, socket: SocketFacts, frame: ServerFrame): void => {
  if (frame.type === 'welcome') return welcomed(reader, socket, frame);
  const seen = seenOf(reader, socket);
  if (frame.type === 'ack') acknowledged(reader, socket, seen, frame.ref);
  if (frame.type === 'error' && frame.ref !== undefined) seen.asked.delete(frame.ref);
};

const isDeclaring = ({ type }: ClientFrame): boolean => type === 'status' || type === 'visibility';

const closed = (reader: Reader, socket: SocketFacts): void => {
  const session = heldBy(reader, socket);
  const { hasSaidBye, asked, user } = seenOf(reader, socket);
  if (user && [...asked.values()].some(isDeclaring)) user.isUnsure = true;
  for (const frame of asked.values()) {
    if (session && isOfRoom(frame)) unansweredInRoom(session, frame);
  }
  reader.sockets.delete(socket.id);
  if (!session || hasSaidBye) return;
  session.silent = null;
  leaves(session, reader.now() + GRACE_LOST_MS);
};

/** Follows the frames of every socket and what they make known. */
export const createSocketReader = (parts: Parts): BorderListener & { forget(): void } => {
  const reader: Reader = { ...parts, sockets: new Map() };
  const setSilent = (socket: SocketFacts, isSilent: boolean): void => {
    seenOf(reader, socket).isSilent = isSilent;
    const session = heldBy(reader, socket);
    if (session) session.silent = isSilent ? (session.silent ?? silence(parts.now())) : null;
  };
  return {
    frameIn: (socket, text) => frameIn(reader, socket, JSON.parse(text) as ClientFrame),
    frameOut: (socket, text) => frameOut(reader, socket, JSON.parse(text) as ServerFrame),
    closed: (socket) => closed(reader, socket),
    silenced: (socket) => setSilent(socket, true),
    voiced: (socket) => setSilent(socket, false),
    forget: () => reader.sockets.clear(),
  };
};

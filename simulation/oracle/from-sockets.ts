import type { ClaimableStatus, Visibility } from '@presence/core';
import type { ActivityFrame, ClientFrame, HelloFrame, ServerFrame } from '@presence/core/protocol';
import type { BorderListener, SocketFacts } from '../world/border.ts';
import { NEVER, TOUCHED, type KnownSession, type KnownUser } from './facts.ts';
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

/** Follows the frames of every socket and what they make known. */
export const createSocketReader = ({ rights, now, user, prune, strange }: Parts) => {
  const sockets = new Map<number, Seen>();
  const seenOf = ({ id }: SocketFacts): Seen => {
    const seen = sockets.get(id) ?? {
      hello: null,
      user: null,
      sessionId: null,
      hasSaidBye: false,
      isSilent: false,
      asked: new Map(),
    };
    sockets.set(id, seen);
    return seen;
  };

  /** The session, while this socket holds it. */
  const heldBy = ({ id }: SocketFacts): KnownSession | null => {
    const { user: known, sessionId } = seenOf({ id, line: '' });
    const session = sessionId === null ? undefined : known?.sessions.get(sessionId);
    return session?.socket === id ? session : null;
  };

  const welcomed = (socket: SocketFacts, sessionId: string, leaveToken: string): void => {
    const seen = seenOf(socket);
    const login = rights.tickets.get(seen.hello?.ticket ?? '');
    if (!login) return;
    const { tenant, userId } = login;
    const known = user(tenant, userId);
    prune(known);
    if (seen.hello?.sessionId !== undefined && !known.sessions.has(sessionId)) {
      strange(known, sessionId);
    }
    if (rights.spent.has(seen.hello?.ticket ?? '')) strange(known, 'by a ticket used before');
    rights.spent.add(seen.hello?.ticket ?? '');
    known.sessions.delete(TOUCHED);
    const generation = (known.sessions.get(sessionId)?.generation ?? 0) + 1;
    const at = now();
    const { idleMs } = seen.hello ?? {};
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
      idleSince: idleMs === undefined ? null : at - idleMs,
      activeAt: at,
      seq: 0,
      stalledMs: 0,
    });
    rights.leave.set(leaveToken, { tenant, userId, sessionId, generation });
  };

  const bye = (socket: SocketFacts, reason: 'closed' | 'signed-out'): void => {
    const session = heldBy(socket);
    const seen = seenOf(socket);
    if (!session || seen.hasSaidBye) return;
    seen.hasSaidBye = true;
    if (reason === 'signed-out') return void seen.user?.sessions.delete(session.id);
    const at = now() + GRACE_CLOSED_MS;
    const { from, by } = session.leaving ?? { from: NEVER, by: NEVER };
    session.leaving = { from: Math.min(from, at), by: Math.min(by, at + SLACK_MS) };
  };

  const acknowledged = (seen: Seen, ref: number): void => {
    const frame = seen.asked.get(ref);
    seen.asked.delete(ref);
    if (!frame || !seen.user) return;
    seen.user.touchedAt = now();
    if (frame.type === 'status') claimed(seen.user, frame, now());
    if (frame.type !== 'visibility') return;
    seen.user.visibility = frame.visibility satisfies Visibility;
    if (frame.visibility === 'visible') seen.user.shownAt = now();
  };

  const listener: BorderListener = {
    frameIn: (socket, text) => {
      const seen = seenOf(socket);
      const frame = JSON.parse(text) as ClientFrame;
      if (frame.ref !== undefined) seen.asked.set(frame.ref, frame);
      if (frame.type === 'hello') seen.hello ??= frame;
      else if (frame.type === 'bye') bye(socket, frame.reason);
      else if (frame.type === 'activity') {
        const session = heldBy(socket);
        if (session) active(session, frame, now());
        if (seen.user) seen.user.touchedAt = now();
      }
    },
    frameOut: (socket, text) => {
      const frame = JSON.parse(text) as ServerFrame;
      if (frame.type === 'error' && frame.ref !== undefined) seenOf(socket).asked.delete(frame.ref);
      if (frame.type === 'welcome') welcomed(socket, frame.sessionId, frame.leaveToken);
      else if (frame.type === 'ack') acknowledged(seenOf(socket), frame.ref);
    },
    closed: (socket) => {
      const session = heldBy(socket);
      const { hasSaidBye, asked, user: known } = seenOf(socket);
      const isDeclaring = ({ type }: ClientFrame): boolean =>
        type === 'status' || type === 'visibility';
      if (known && [...asked.values()].some(isDeclaring)) known.isUnsure = true;
      sockets.delete(socket.id);
      if (!session || hasSaidBye) return;
      session.silent = null;
      const at = now() + GRACE_LOST_MS;
      const { from, by } = session.leaving ?? { from: NEVER, by: NEVER };
      session.leaving = { from: Math.min(from, at), by: Math.min(by, at + SLACK_MS) };
    },
    silenced: (socket) => {
      seenOf(socket).isSilent = true;
      const session = heldBy(socket);
      if (session && !session.silent) session.silent = silence(now());
    },
    voiced: (socket) => {
      seenOf(socket).isSilent = false;
      const session = heldBy(socket);
      if (session) session.silent = null;
    },
  };
  return { ...listener, forget: () => sockets.clear() };
};

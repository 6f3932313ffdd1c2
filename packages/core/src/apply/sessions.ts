import type { Beat, Activity, Leave, Open, Reattach, SignOut, Touch } from '../commands.ts';
import type { ErrorCode } from '../errors.ts';
import { isSharedLease, ownLease, type Instant, type Lease } from '../lease.ts';
import { TOUCH_SESSION, type Key, type PresenceRecord, type Session } from '../record.ts';
import { lastActive } from '../derive.ts';
import { roomsOf, withRooms } from '../rooms.ts';
import {
  changed,
  later,
  refused,
  refusedLogin,
  replaceSession,
  same,
  sessionOf,
  type Context,
  type Outcome,
} from './context.ts';

/** Tickets that a user may spend within their life, for each session that they may have. */
const TICKETS_PER_SESSION = 5;

/** Clients may name any session but the one that stands for requests without a client. */
const clientSession = (record: PresenceRecord, id: string): Session | undefined =>
  id === TOUCH_SESSION ? undefined : sessionOf(record, id);

/** Clocks and networks jitter: an idle instant that moved less than this has not moved. */
const IDLE_TOLERANCE_MS = 10_000;

const idleSinceOf = (idleMs: number | null, at: Instant): Instant | null =>
  idleMs === null ? null : Math.max(0, Math.floor(at - idleMs));

const movedIdle = (before: Instant | null, now: Instant | null): Instant | null =>
  before !== null && now !== null && now - before < IDLE_TOLERANCE_MS ? before : now;

const activeAtOf = (record: PresenceRecord, idleSince: Instant | null, at: Instant): Instant =>
  later(record.activeAt, idleSince ?? at);

const refusedTicket = (
  { spent }: PresenceRecord,
  ticket: Open['ticket'],
  { at, policy }: Context,
): ErrorCode | null => {
  if (!ticket) return null;
  if (spent.some(({ id }) => id === ticket.id)) return 'ticket_invalid';
  const live = spent.filter(({ until }) => until > at).length;
  return live < TICKETS_PER_SESSION * policy.maxSessions ? null : 'rate_limited';
};

/** The real sessions with `session` among them: the touch session yields, and so does the oldest. */
const seated = (record: PresenceRecord, session: Session, { at, policy }: Context) => {
  const real = record.sessions.filter(({ id }) => id !== TOUCH_SESSION);
  const sessions = sessionOf(record, session.id)
    ? replaceSession(real, session)
    : // `concat` makes an array that fits; one that is spread into keeps room for 16 more.
      withRoom(real, policy.maxSessions).concat(session);
  const evicted = real.filter(({ id }) => !sessions.some((kept) => kept.id === id));
  const seen = lastActive(record.activeAt, evicted, at);
  return { sessions, activeAt: later(seen, session.idleSince ?? at) };
};

const withRoom = (sessions: readonly Session[], most: number): readonly Session[] => {
  if (sessions.length < most) return sessions;
  const byAge = [...sessions].sort((a, b) => a.openedAt - b.openedAt || (a.id < b.id ? -1 : 1));
  const evicted = new Set(byAge.slice(0, sessions.length - most + 1));
  return sessions.filter((session) => !evicted.has(session));
};

const openedSession = (before: Session | undefined, command: Open, at: Instant): Session => {
  const generation = (before?.generation ?? 0) + 1;
  const lease =
    'shared' in command.lease ? command.lease.shared : ownLease(command.sessionId, generation);
  const session: Session = {
    id: command.sessionId,
    lease,
    generation,
    seq: command.seq ?? 0,
    idleSince: idleSinceOf(command.idleMs, at),
    device: command.device ?? before?.device ?? null,
    openedAt: before?.openedAt ?? at,
    endsAt: null,
  };
  const { allowedRooms } = command;
  const rooms = roomsOf(before ?? session);
  if (rooms.length === 0) return session;
  return withRooms(
    session,
    allowedRooms ? rooms.filter(({ room }) => allowedRooms.includes(room)) : rooms,
  );
};

const grantFor = (command: Open, session: Session): readonly Lease[] =>
  'shared' in command.lease ? [] : [{ id: session.lease, forMs: command.lease.ownForMs }];

export const open = (command: Open, context: Context): Outcome => {
  const { record, at } = context;
  const { ticket } = command;
  const code = refusedLogin(record, command) ?? refusedTicket(record, ticket, context);
  if (code) return refused(code);
  const before = clientSession(record, command.sessionId);
  if (command.sessionId === TOUCH_SESSION || command.resume !== (before !== undefined)) {
    return refused('session_gone');
  }
  const session = openedSession(before, command, at);
  return changed({
    facts: {
      ...seated(record, session, context),
      ...(ticket && { spent: record.spent.concat({ id: ticket.id, until: at + ticket.forMs }) }),
    },
    cause: 'opened',
    grant: grantFor(command, session),
    session,
  });
};

export const beat = (command: Beat, { record, at }: Context): Outcome => {
  const code = refusedLogin(record, command);
  if (code) return refused(code);
  const before = clientSession(record, command.sessionId);
  // A socket took the session over, or its page left: a beat that is still under way is too late.
  if (!before || before.endsAt !== null || isSharedLease(before.lease)) {
    return refused('session_gone');
  }
  // Numbers begin anew with each connection: one of the page before would drop those of the next.
  if (command.generation !== undefined && command.generation !== before.generation) {
    return refused('session_gone');
  }
  if (command.seq !== null && command.seq <= before.seq) return same(before);
  const idleSince = movedIdle(before.idleSince, idleSinceOf(command.idleMs, at));
  if (idleSince === before.idleSince) return same(before);
  const session: Session = { ...before, idleSince, seq: command.seq ?? before.seq };
  return changed({
    facts: {
      sessions: replaceSession(record.sessions, session),
      activeAt: activeAtOf(record, idleSince, at),
    },
    cause: 'activity',
    grant: [{ id: session.lease, forMs: command.forMs }],
    session,
  });
};

export const activity = (command: Activity, { record, at }: Context): Outcome => {
  const before = sessionOf(record, command.sessionId);
  if (!before || before.generation !== command.generation) return refused('session_gone');
  const idleSince = movedIdle(before.idleSince, idleSinceOf(command.idleMs, at));
  if (idleSince === before.idleSince) return same(before);
  const session: Session = { ...before, idleSince };
  return changed({
    facts: {
      sessions: replaceSession(record.sessions, session),
      activeAt: activeAtOf(record, idleSince, at),
    },
    cause: 'activity',
    session,
  });
};

const without = (record: PresenceRecord, gone: readonly Session[], at: Instant) => ({
  sessions: record.sessions.filter((session) => !gone.includes(session)),
  activeAt: lastActive(record.activeAt, gone, at),
});

export const leave = (command: Leave, { record, at }: Context): Outcome => {
  const before = sessionOf(record, command.sessionId);
  const current = command.generation === null || command.generation === before?.generation;
  if (!before || !current) return same();
  if (command.graceMs === 0) {
    return changed({ facts: without(record, [before], at), cause: command.cause });
  }
  if (before.endsAt !== null) return same(before);
  const session: Session = { ...before, endsAt: at + command.graceMs };
  return changed({
    facts: { sessions: replaceSession(record.sessions, session) },
    cause: command.cause,
    session,
  });
};

export const reattach = (command: Reattach, context: Context): Outcome => {
  const { record, at } = context;
  const code = refusedLogin(record, command);
  if (code) return refused(code);
  if (record.signedOutAt !== null && command.openedAt < record.signedOutAt)
    return refused('signed_out');
  const before = sessionOf(record, command.sessionId);
  if (before && before.generation !== command.generation) return refused('session_gone');
  if (before?.lease === command.lease) return same(before);
  const { sessionId: id, generation, lease, device, openedAt } = command;
  const idleSince = idleSinceOf(command.idleMs, at);
  const session: Session = {
    ...(before ?? {
      id,
      generation,
      seq: 0,
      device,
      openedAt,
      endsAt: null,
      ...(command.rooms && command.rooms.length > 0 && { rooms: command.rooms }),
    }),
    idleSince: before ? movedIdle(before.idleSince, idleSince) : idleSince,
    lease,
  };
  return changed({ facts: seated(record, session, context), cause: 'opened', session });
};

/** Unique in the store for any characters in either id. */
const touchedId = ({ tenant, userId }: Key): string =>
  `${TOUCH_SESSION}:${tenant.length}:${tenant}:${userId}`;

/** Written at most each quarter of the lease; ignored while a real session lives. */
export const touch = (command: Touch, { key, record, leases, at, policy }: Context): Outcome => {
  const code = refusedLogin(record, command);
  if (code) return refused(code);
  const before = sessionOf(record, TOUCH_SESSION);
  if (record.sessions.length > (before ? 1 : 0)) return same();
  const remaining = before ? (leases.get(before.lease) ?? at) - at : 0;
  if (before && remaining > policy.leaseMs * 0.75) return same(before);
  const generation = before?.generation ?? Math.max(record.revision + 1, at);
  const session: Session = before ?? {
    id: TOUCH_SESSION,
    lease: ownLease(touchedId(key), generation),
    generation,
    seq: 0,
    idleSince: null,
    device: null,
    openedAt: at,
    endsAt: null,
  };
  return changed({
    facts: { sessions: [session], activeAt: activeAtOf(record, null, at) },
    cause: 'touched',
    grant: [{ id: session.lease, forMs: policy.leaseMs }],
    session,
  });
};

export const signOut = ({ sessionId }: SignOut, { record, at }: Context): Outcome => {
  if (sessionId === undefined) {
    const signedOutAt = later(record.signedOutAt, at);
    if (record.sessions.length === 0 && signedOutAt === record.signedOutAt) return same();
    return changed({
      facts: { ...without(record, record.sessions, at), signedOutAt },
      cause: 'signed-out',
    });
  }
  const session = sessionOf(record, sessionId);
  return session ? changed({ facts: without(record, [session], at), cause: 'signed-out' }) : same();
};

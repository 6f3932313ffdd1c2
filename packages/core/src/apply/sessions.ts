import type { Beat, Activity, Leave, Open, Reattach, SignOut, Touch } from '../commands.ts';
import { isSharedLease, ownLease, type Instant, type Lease } from '../lease.ts';
import type { Key, PresenceRecord, Session, SpentTicket } from '../record.ts';
import { lastActive } from '../derive.ts';
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

/** The session of requests without a client. It yields to every real one. */
export const TOUCH_SESSION = 'touch';

/** Clocks and networks jitter: an idle instant that moved less than this has not moved. */
const IDLE_TOLERANCE_MS = 10_000;

const idleSinceOf = (idleMs: number | null, at: Instant): Instant | null =>
  idleMs === null ? null : Math.max(0, at - idleMs);

const movedIdle = (before: Instant | null, now: Instant | null): Instant | null =>
  before !== null && now !== null && now - before < IDLE_TOLERANCE_MS ? before : now;

const activeAtOf = (record: PresenceRecord, idleSince: Instant | null, at: Instant): Instant =>
  later(record.activeAt, idleSince ?? at);

const spentWith = (
  spent: readonly SpentTicket[],
  ticket: Open['ticket'],
  at: Instant,
): readonly SpentTicket[] => {
  const kept = spent.some(({ until }) => until <= at)
    ? spent.filter(({ until }) => until > at)
    : spent;
  return ticket ? [...kept, { id: ticket.id, until: at + ticket.forMs }] : kept;
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
  return {
    id: command.sessionId,
    lease,
    generation,
    seq: command.seq ?? 0,
    idleSince: idleSinceOf(command.idleMs, at),
    device: command.device ?? before?.device ?? null,
    openedAt: before?.openedAt ?? at,
    endsAt: null,
  };
};

const grantFor = (command: Open, session: Session): readonly Lease[] =>
  'shared' in command.lease ? [] : [{ id: session.lease, forMs: command.lease.ownForMs }];

export const open = (command: Open, { record, at, policy }: Context): Outcome => {
  const code = refusedLogin(record, command);
  if (code) return refused(code);
  if (command.ticket && record.spent.some(({ id }) => id === command.ticket?.id)) {
    return refused('ticket_invalid');
  }
  const before = sessionOf(record, command.sessionId);
  if (command.resume !== (before !== undefined)) return refused('session_gone');
  const session = openedSession(before, command, at);
  const real = record.sessions.filter(({ id }) => id !== TOUCH_SESSION);
  const sessions = before
    ? replaceSession(real, session)
    : [...withRoom(real, policy.maxSessions), session];
  return changed({
    facts: {
      sessions,
      spent: spentWith(record.spent, command.ticket, at),
      activeAt: activeAtOf(record, session.idleSince, at),
    },
    cause: 'opened',
    grant: grantFor(command, session),
    session,
  });
};

export const beat = (command: Beat, { record, at }: Context): Outcome => {
  const code = refusedLogin(record, command);
  if (code) return refused(code);
  const before = sessionOf(record, command.sessionId);
  // A socket took the session over, or its page left: a beat that is still under way is too late.
  if (!before || before.endsAt !== null || isSharedLease(before.lease))
    return refused('session_gone');
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

export const reattach = (command: Reattach, { record, at, policy }: Context): Outcome => {
  const code = refusedLogin(record, command);
  if (code) return refused(code);
  if (record.signedOutAt !== null && command.openedAt < record.signedOutAt)
    return refused('signed_out');
  const before = sessionOf(record, command.sessionId);
  if (before && before.generation !== command.generation) return refused('session_gone');
  if (before?.lease === command.lease) return same(before);
  const { sessionId: id, generation, lease, device, openedAt } = command;
  const session: Session = {
    ...(before ?? { id, generation, seq: 0, device, openedAt, endsAt: null }),
    idleSince: idleSinceOf(command.idleMs, at),
    lease,
  };
  const real = record.sessions.filter((other) => other.id !== TOUCH_SESSION);
  const sessions = before
    ? replaceSession(real, session)
    : [...withRoom(real, policy.maxSessions), session];
  return changed({
    facts: { sessions, activeAt: activeAtOf(record, session.idleSince, at) },
    cause: 'opened',
    session,
  });
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
    return changed({
      facts: { ...without(record, record.sessions, at), signedOutAt: at },
      cause: 'signed-out',
    });
  }
  const session = sessionOf(record, sessionId);
  return session ? changed({ facts: without(record, [session], at), cause: 'signed-out' }) : same();
};

import type { Goodbye } from './context.ts';
import type { Facts } from './facts.ts';
import { delayAfter, forgetTries } from './retry.ts';
import type { Attempt, Session, SessionContext } from './session-state.ts';
import { createTimers } from './timers.ts';
import { network, type Failure } from './transports/failures.ts';
import type { Carrier, LinkContext, Opened, OpenLink } from './transports/presence-link.ts';
import { openSocketLink } from './transports/socket-link.ts';
import { packed } from './watches.ts';
import type { ConnectionState } from './types.ts';

const TICK_MS = 15_000;
const LATE_MS = 5000;
/** Browsers run the timers of hidden pages once a minute. */
const THROTTLE_MS = 60_000;
const QUIET_ACTIVE_MS = 60_000;
const QUIET_IDLE_MS = 300_000;
/** Whoever comes back to a page wants to see what is true now. */
const QUIET_BACK_MS = 10_000;
const STABLE_MS = 10_000;
/** How often a client on heartbeats tries whether a socket gets through by now. */
const UPGRADE_MS = 180_000;
const SOCKET_FAILURES = 2;

const MISMATCH: Failure = {
  code: 'identity_mismatch',
  message:
    '[presence/client] The server knows this browser as another user than `userId` says. Create the client with the id of who is signed in.',
};

/** @param transport `null` while trying */
const show = (
  { replica, facts }: Session,
  transport: Carrier | null,
  error: ConnectionState['error'],
  learnt: Facts = {},
): void => {
  const { status } = replica.show.connection();
  // Who takes a session over is not connecting for the first time.
  const again = status === 'connected' || status === 'reconnecting';
  facts({
    ...learnt,
    connection: {
      status: transport ? 'connected' : again ? 'reconnecting' : 'connecting',
      transport,
      role: 'leader',
      error,
    },
  });
};

const closeLinks = (session: Session, reason?: Goodbye['reason']): void => {
  session.candidate?.link?.close();
  session.current?.link?.close(reason);
  session.candidate = session.current = null;
};

/** Without a reason nothing is said: another tab goes on with the session. */
export const closeSession = (session: Session, reason?: Goodbye['reason']): void => {
  const { sessionId, leaveToken, store, timers, current } = session;
  closeLinks(session, reason);
  timers.stop();
  if (!reason || !sessionId) return;
  // Sign-out is said twice: a socket acknowledges nothing, and the session must not outlive it.
  const said = current?.carrier === 'websocket' && reason === 'closed';
  if (!said) session.leave({ sessionId, leaveToken, reason });
  if (reason === 'closed') store.left(sessionId);
  else store.clear();
};

const stop = (session: Session, failure: Failure, reason?: Goodbye['reason']): void => {
  closeSession(session, reason);
  session.stopped(failure);
};

const attempt = (session: Session): void => {
  const { options, socketFailures, timers } = session;
  const { transport = 'auto' } = options;
  timers.cancel('retry');
  openLink(
    session,
    transport === 'http' || (transport === 'auto' && socketFailures >= SOCKET_FAILURES)
      ? 'http'
      : 'websocket',
  );
};

const attemptAfter = (session: Session, delayMs: number): void => {
  session.timers.after(delayMs, () => attempt(session), 'retry');
};

/** If one waits to try again, and may. */
const attemptNow = (session: Session): void => {
  if (session.timers.has('retry') && session.clock.now() >= session.notBefore) attempt(session);
};

const upgrade = (session: Session): void => {
  if (session.current?.carrier === 'http') openLink(session, 'websocket');
};

const upgradeLater = (session: Session): void => {
  const { options, timers, random } = session;
  if ((options.transport ?? 'auto') !== 'auto') return;
  timers.after(UPGRADE_MS * (0.5 + random.next()), () => upgrade(session), 'upgrade');
};

/** A link has ended. @param movedMs the server asked to come back after so long */
const lose = (session: Session, failure: Failure | null, goodUntil: number, movedMs = 0): void => {
  const { timers, clock } = session;
  // The one in use goes on.
  if (session.current) return upgradeLater(session);
  timers.cancel('stable');
  show(session, null, failure && { code: failure.code, message: failure.message }, {
    lostAt: goodUntil,
  });
  if (session.candidate) return;
  const delayMs = failure ? delayAfter(session, failure) : movedMs * session.random.next();
  if (delayMs === null) return stop(session, failure!);
  session.notBefore = clock.now() + (failure?.retryAfterMs ?? 0);
  attemptAfter(session, delayMs);
};

const drop = (session: Session, message: string, goodUntil: number): void => {
  closeLinks(session);
  lose(session, network(message), goodUntil);
};

const opened = (session: Session, attempt: Attempt, said: Opened): void => {
  const { options, store, timers, current } = session;
  const { sessionId, userId, leaveToken, policy } = said;
  current?.link?.close();
  session.current = attempt;
  session.candidate = null;
  session.sessionId = sessionId;
  session.leaveToken = leaveToken ?? session.leaveToken;
  if (options.userId !== undefined && userId !== options.userId) {
    return stop(session, MISMATCH, 'closed');
  }
  store.save(sessionId);
  timers.cancel('retry');
  timers.cancel('upgrade');
  timers.after(STABLE_MS, () => forgetTries(session), 'stable');
  if (attempt.carrier === 'http') upgradeLater(session);
  else session.socketFailures = 0;
  if (policy) {
    session.staleAfterMs = policy.staleAfterMs;
    session.awayAfter(policy.awayAfterMs);
  }
  show(session, attempt.carrier, null, { staleAfterMs: session.staleAfterMs });
  for (const call of session.calls.values()) attempt.link?.submit(call);
  if ((session.idleMs() !== null) !== session.saidIdle) attempt.link?.activity();
};

const openLink = (session: Session, carrier: Carrier): void => {
  const attempt: Attempt = { carrier };
  session.saidIdle = session.idleMs() !== null;
  session.candidate?.link?.close();
  session.candidate = attempt;
  const lost: LinkContext['lost'] = (failure, goodUntil, reached, movedMs) => {
    if (session.current === attempt) session.current = null;
    else {
      session.candidate = null;
      if (reached && failure?.code === 'network') session.socketFailures += 1;
    }
    lose(session, failure, goodUntil, movedMs);
  };
  const open = (openIt: OpenLink): void => {
    // Another may have taken its place while the code was loading.
    if (session.candidate !== attempt) return;
    const timers = createTimers(session.clock);
    attempt.link = openIt({
      ...session,
      timers,
      opened: (said) => opened(session, attempt, said),
      lost,
    });
  };
  if (carrier === 'websocket') return open(openSocketLink);
  session.load.http().then(
    ({ openHttpLink }) => open((context) => openHttpLink(context, packed)),
    (error) => {
      if (session.candidate !== attempt) return;
      // Perhaps a socket gets through by now.
      session.socketFailures = 0;
      lost(network(String(error)), session.clock.now(), false);
    },
  );
};

/** Watches over a link that says nothing. @param seen somebody looks at the page: makes sure of the link, or tries again now */
const look = (session: Session, seen: boolean): void => {
  const { lookedAt, clock, source, staleAfterMs, demand } = session;
  const link = session.current?.link;
  const allowedMs = TICK_MS + (session.wasHidden ? THROTTLE_MS : 0);
  const now = clock.now();
  const gapMs = now - lookedAt;
  const hidden = source.isHidden();
  session.lookedAt = now;
  session.wasHidden = hidden;
  if (link && gapMs > allowedMs + staleAfterMs) {
    drop(session, 'The page slept; the server has given the link up.', lookedAt);
  } else if (link && (seen || !hidden)) {
    const { users, online } = demand();
    const quietMs = now - link.heardAt();
    const mostMs = session.idleMs() === null ? QUIET_ACTIVE_MS : QUIET_IDLE_MS;
    const due = quietMs >= mostMs && (online || users.length > 0);
    if (due || gapMs > allowedMs + LATE_MS || (seen && quietMs > QUIET_BACK_MS)) link.activity();
  }
  if (seen) attemptNow(session);
};

const tick = (session: Session): void => {
  session.timers.after(TICK_MS, () => {
    tick(session);
    look(session, false);
  });
};

export const openSession = (context: SessionContext): Session => {
  const { clock, source, store } = context;
  const session: Session = {
    ...context,
    staleAfterMs: 60_000,
    sessionId: store.load(),
    current: null,
    candidate: null,
    notBefore: 0,
    saidIdle: false,
    failures: 0,
    logins: 0,
    gone: 0,
    socketFailures: 0,
    lookedAt: clock.now(),
    wasHidden: source.isHidden(),
  };
  show(session, null, null);
  // Not at once: a client that is started, stopped and started again connects once.
  attemptAfter(session, 0);
  tick(session);
  return session;
};

/** A page became visible, hidden or woke. */
export const nudge = (session: Session, seen: boolean): void => {
  look(session, seen);
  // The promised next beat depends on whether the page is hidden.
  if (session.current?.carrier === 'http') session.current.link?.activity();
};

export const networkBack = (session: Session): void => {
  forgetTries(session);
  if (session.current) session.current.link?.activity();
  else attemptNow(session);
  upgrade(session);
};

export const networkGone = (session: Session): void => {
  if (session.current) drop(session, 'This machine is offline.', session.clock.now());
};

/** When the link, or this page that looks after it, was last known to be alive. */
export const goodUntil = ({ lookedAt, current }: Session): number =>
  Math.max(lookedAt, current?.link?.heardAt() ?? 0);

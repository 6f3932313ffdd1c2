import type { Cancel } from '@presence/core';
import { createConnector, type Connector, type ConnectorEvents } from './connector.ts';
import type { Facts } from './facts.ts';
import { createPending, type Pending } from './pending.ts';
import { createRetry, forgetsSession, type Carrier, type Retry } from './retry.ts';
import type { Goodbye, Session, SessionContext, SessionEvents } from './session-context.ts';
import { createTimers, type Timers } from './timers.ts';
import { network, type Failure } from './transports/request.ts';
import type { ConnectionState } from './types.ts';
import { createVigil, TICK_MS } from './vigil.ts';

const STABLE_MS = 10_000;
/** How often a client on heartbeats tries whether a socket gets through by now. */
const UPGRADE_MS = 180_000;

const MISMATCH: Failure = {
  code: 'identity_mismatch',
  message:
    '[presence/client] The server knows this browser as another user than `userId` says. Create the client with the id of who is signed in.',
};

interface State {
  readonly context: SessionContext;
  readonly events: SessionEvents;
  readonly timers: Timers;
  readonly retry: Retry;
  readonly pending: Pending;
  links: Connector;
  connection: ConnectionState;
  staleAfterMs: number;
  sessionId: string | undefined;
  leaveToken: string | undefined;
  /** The server asked not to be asked before. */
  notBefore: number;
  waiting: Cancel | null;
  /** What the link that is being opened says of activity. */
  saidIdle: boolean;
  cancelStable: Cancel;
  cancelUpgrade: Cancel;
}

const show = (state: State, change: Partial<ConnectionState>, facts: Facts = {}): void => {
  state.connection = { ...state.connection, ...change };
  state.events.facts({ ...facts, connection: state.connection });
};

const openLink = (state: State, carrier: Carrier): void => {
  state.saidIdle = state.context.idleMs() !== null;
  state.links.open(carrier, state.sessionId);
};

const attempt = (state: State): void => {
  state.waiting?.();
  state.waiting = null;
  openLink(state, state.retry.carrier());
};

const wait = (state: State, delayMs: number): void => {
  state.waiting?.();
  state.waiting = state.timers.after(delayMs, () => attempt(state));
};

const close = (state: State, reason?: Goodbye['reason']): void => {
  const { context, sessionId, leaveToken } = state;
  const onSocket = state.links.current()?.carrier === 'websocket';
  state.links.close(reason);
  state.timers.stop();
  if (!reason || !sessionId) return;
  // Sign-out is said twice: a socket acknowledges nothing, and the session must not outlive it.
  if (!onSocket || reason === 'signed-out') context.leave({ sessionId, leaveToken, reason });
  if (reason === 'closed') context.store.left(sessionId);
  else context.store.clear();
};

const stop = (state: State, failure: Failure, reason?: Goodbye['reason']): void => {
  close(state, reason);
  state.events.stopped(failure);
};

const tryAgain = (state: State, failure: Failure): void => {
  // The store is left as it is: a session that was replaced lives on in the tab that took it.
  if (forgetsSession(failure)) state.sessionId = undefined;
  const delayMs = state.retry.after(failure);
  if (delayMs === null) return stop(state, failure);
  state.notBefore = state.context.clock.now() + (failure.retryAfterMs ?? 0);
  wait(state, delayMs);
};

const upgradeLater = (state: State): void => {
  state.cancelUpgrade();
  if (state.context.mode !== 'auto') return;
  const delayMs = UPGRADE_MS * (0.5 + state.context.random.next());
  state.cancelUpgrade = state.timers.after(delayMs, () => upgrade(state));
};

const upgrade = (state: State): void => {
  if (state.links.current()?.carrier === 'http') openLink(state, 'websocket');
};

const lose = (state: State, error: Failure | null, goodUntil: number): void => {
  state.cancelStable();
  const { code, message } = error ?? {};
  show(
    state,
    {
      status: state.connection.status === 'connecting' ? 'connecting' : 'reconnecting',
      transport: null,
      error: code && message !== undefined ? { code, message } : null,
    },
    { lostAt: goodUntil },
  );
};

const drop = (state: State, failure: Failure, goodUntil: number): void => {
  state.links.close();
  lose(state, failure, goodUntil);
  tryAgain(state, failure);
};

const connectorEvents = (state: State): ConnectorEvents => ({
  opened(said, { carrier, link }) {
    const { context, events, retry } = state;
    state.sessionId = said.sessionId;
    state.leaveToken = said.leaveToken ?? state.leaveToken;
    if (context.userId !== undefined && said.userId !== context.userId) {
      return stop(state, MISMATCH, 'closed');
    }
    context.store.save(said.sessionId);
    state.waiting?.();
    state.waiting = null;
    state.staleAfterMs = said.policy?.staleAfterMs ?? state.staleAfterMs;
    state.cancelStable();
    state.cancelStable = state.timers.after(STABLE_MS, retry.reset);
    state.cancelUpgrade();
    if (carrier === 'http') upgradeLater(state);
    else retry.socketOpened();
    events.opened(said);
    show(
      state,
      { status: 'connected', transport: carrier, error: null },
      { staleAfterMs: state.staleAfterMs },
    );
    state.pending.resend(link);
    const idleMs = context.idleMs();
    if ((idleMs !== null) !== state.saidIdle) link.activity(idleMs);
  },
  facts: state.events.facts,
  error: state.events.error,
  lost(failure, { goodUntil, reached }, carrier, held) {
    if (carrier === 'websocket' && !held && reached && failure.code === 'network')
      state.retry.socketFailed();
    if (state.links.current()) return upgradeLater(state);
    lose(state, failure, goodUntil);
    if (!state.links.opening()) tryAgain(state, failure);
  },
  moved(afterMs) {
    if (state.links.current()) return upgradeLater(state);
    lose(state, null, state.context.clock.now());
    wait(state, afterMs * state.context.random.next());
  },
});

const look = (state: State, vigil: ReturnType<typeof createVigil>, seen: boolean): void => {
  const sleptAt = vigil.look(state.links.current()?.link, seen);
  if (sleptAt !== null) {
    drop(state, network('The page slept; the server has given the link up.'), sleptAt);
  }
  if (seen && state.waiting && state.context.clock.now() >= state.notBefore) attempt(state);
};

const open = (context: SessionContext, events: SessionEvents): State => {
  const state: State = {
    context,
    events,
    timers: createTimers(context.clock),
    retry: createRetry(context.random, context.mode),
    pending: createPending(context.clock),
    links: undefined as never,
    connection: {
      status: ['connected', 'reconnecting'].includes(context.shownBefore.status)
        ? 'reconnecting'
        : 'connecting',
      transport: null,
      role: 'leader',
      error: null,
    },
    staleAfterMs: 60_000,
    sessionId: context.store.load(),
    leaveToken: undefined,
    notBefore: 0,
    waiting: null,
    saidIdle: false,
    cancelStable: () => {},
    cancelUpgrade: () => {},
  };
  state.links = createConnector(context, connectorEvents(state));
  show(state, {});
  // Not at once: a client that is started, stopped and started again connects once.
  wait(state, 0);
  return state;
};

export const createSession = (context: SessionContext, events: SessionEvents): Session => {
  const state = open(context, events);
  const { timers, links, retry } = state;
  const link = () => links.current()?.link ?? null;
  const vigil = createVigil({
    clock: context.clock,
    isHidden: context.isHidden,
    isIdle: () => context.idleMs() !== null,
    watchesAny: () => context.demand().online || context.demand().users.length > 0,
    staleAfterMs: () => state.staleAfterMs,
  });
  timers.every(TICK_MS, () => look(state, vigil, false));
  return {
    demand: () => link()?.demand(),
    activity: (idleMs) => link()?.activity(idleMs),
    submit: (command, done) => state.pending.add(command, done, link()),
    nudge(seen) {
      look(state, vigil, seen);
      // The promised next beat depends on whether the page is hidden.
      if (links.current()?.carrier === 'http') link()?.probe();
    },
    online() {
      retry.reset();
      if (link()) link()?.probe();
      else if (state.waiting && context.clock.now() >= state.notBefore) attempt(state);
      upgrade(state);
    },
    offline() {
      if (link()) drop(state, network('This machine is offline.'), context.clock.now());
    },
    goodUntil: () => Math.max(vigil.lookedAt(), link()?.heardAt() ?? 0),
    close: (reason) => close(state, reason),
  };
};

import { createConnector, type Connector, type ConnectorContext } from './connector.ts';
import type { Goodbye, PageContext } from './context.ts';
import type { Demand } from './demand.ts';
import type { Facts } from './facts.ts';
import { createLookout } from './lookout.ts';
import { createTries } from './retry.ts';
import type { SessionStore } from './session-store.ts';
import type { Timers } from './timers.ts';
import { forgetsSession, network, type Failure } from './transports/failures.ts';
import type { Carrier, PresenceLink } from './transports/presence-link.ts';
import { STABLE_MS } from './numbers.ts';

const MISMATCH: Failure = {
  code: 'identity_mismatch',
  message: '[presence/client] `userId` is not who is signed in.',
};

export interface SessionContext extends PageContext {
  /** They stop when it is closed. */
  readonly timers: Timers;
  readonly store: SessionStore;
  /** `undefined` while active. */
  idleForMs(): number | undefined;
  demand(): Demand;
  setAwayAfter(ms: number): void;
  learn(facts: Facts): void;
  /** It ended for good. */
  stopped(failure: Failure): void;
}

/** The one session of this browser: keeps a link open, whatever happens to it. */
export interface Session {
  /** The link that is open. */
  link(): PresenceLink | null;
  /** A page became visible, hidden or woke. @param seen somebody looks at it: makes sure of the link, or tries again now */
  nudge(seen: boolean): void;
  /** The network came back, or is known to be gone. */
  setOnline(online: boolean): void;
  /** When the link, or this page that looks after it, was last known to be alive. */
  goodUntil(): number;
  /** Without a reason nothing is said: another tab goes on with the session. */
  close(reason?: Goodbye['reason']): void;
}

// oxlint-disable-next-line max-lines-per-function -- one state machine: cut up, its parts would pass its state around, which every page would load
export const openSession = (context: SessionContext): Session => {
  const { clock, options, random, store, timers, calls, replica, learn } = context;
  const tries = createTries(random);
  let sessionId = store.load();
  let leaveToken: string | undefined;
  /** The server asked not to be asked before. */
  let notBefore = 0;

  /** @param transport what carries presence; `null` while trying */
  const show = (transport: Carrier | null, error: Failure | null, learnt?: Facts): void => {
    const { status } = replica.views.connection();
    // Who takes a session over is not connecting for the first time.
    const again = status === 'connected' || status === 'reconnecting';
    const trying = again ? 'reconnecting' : 'connecting';
    learn({
      ...learnt,
      connection: { status: transport ? 'connected' : trying, transport, role: 'leader', error },
    });
  };
  const close: Session['close'] = (reason) => {
    const carrier = connector.close(reason);
    timers.stop();
    if (!reason || !sessionId) return;
    // Sign-out is said twice: a socket acknowledges nothing, and the session must not outlive it.
    const said = carrier === 'websocket' && reason === 'closed';
    if (!said) context.leave({ sessionId, leaveToken, reason });
    if (reason === 'closed') store.left(sessionId);
    else store.clear();
  };
  const attempt = (): void => {
    timers.cancel('retry');
    connector.open(sessionId);
  };
  const attemptNow = (): void => {
    if (timers.has('retry') && clock.now() >= notBefore) attempt();
  };
  const lost: ConnectorContext['lost'] = (failure, goodUntil, movedMs = 0) => {
    timers.cancel('stable');
    show(null, failure, { lostAt: goodUntil });
    // The store is left as it is: a session that was replaced lives on in the tab that took it.
    if (failure && forgetsSession(failure.code)) sessionId = undefined;
    const delayMs = failure ? tries.delayAfter(failure) : movedMs * random.next();
    // Whoever is told closes it.
    if (delayMs === null) return context.stopped(failure!);
    notBefore = clock.now() + (failure?.retryAfterMs ?? 0);
    timers.after(delayMs, attempt, 'retry');
  };
  const drop = (message: string, goodUntil: number): void => {
    if (!connector.link()) return;
    connector.close();
    lost(network(message), goodUntil);
  };
  const opened: ConnectorContext['opened'] = (said, carrier) => {
    sessionId = said.sessionId;
    leaveToken = said.leaveToken ?? leaveToken;
    if (options.userId !== undefined && said.userId !== options.userId) {
      close('closed');
      return context.stopped(MISMATCH);
    }
    store.save(sessionId);
    timers.after(STABLE_MS, tries.forget, 'stable');
    if (said.policy) context.setAwayAfter(said.policy.awayAfterMs);
    show(carrier, null, { staleAfterMs: said.policy?.staleAfterMs, asOf: said.asOf });
    calls.forEach((call) => link()?.submit(call));
  };
  const connector: Connector = createConnector({ ...context, opened, lost });
  const { link } = connector;
  const { look, lookedAt } = createLookout(context, link, (at) => drop('This page slept.', at));
  show(null, null);
  // Not at once: a client that is started, stopped and started again connects once.
  timers.after(0, attempt, 'retry');
  return {
    link,
    close,
    goodUntil: () => Math.max(lookedAt(), link()?.heardAt() ?? 0),
    nudge(seen) {
      look(seen);
      link()?.nudge?.();
      if (seen) attemptNow();
    },
    setOnline(online) {
      if (!online) return drop('This page is offline.', clock.now());
      tries.forget();
      link()?.report();
      link()?.upgrade?.();
      attemptNow();
    },
  };
};

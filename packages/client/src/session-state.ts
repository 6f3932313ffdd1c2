import type { PageContext } from './context.ts';
import type { Demand } from './demand.ts';
import type { Facts } from './facts.ts';
import type { Tries } from './retry.ts';
import type { SessionStore } from './session-store.ts';
import type { Timers } from './timers.ts';
import type { Failure } from './transports/failures.ts';
import type { Carrier, PresenceLink } from './transports/presence-link.ts';

export interface SessionContext extends PageContext {
  /** They stop when it is closed. */
  readonly timers: Timers;
  readonly store: SessionStore;
  /** `null` while active. */
  idleMs(): number | null;
  demand(): Demand;
  awayAfter(ms: number): void;
  facts(facts: Facts): void;
  /** It ended for good. */
  stopped(failure: Failure): void;
}

/** A link, once its code is loaded. */
export interface Attempt {
  readonly carrier: Carrier;
  link?: PresenceLink;
}

/** The one session of this browser: keeps a link open, whatever happens to it. */
export interface Session extends SessionContext, Tries {
  staleAfterMs: number;
  leaveToken?: string | undefined;
  /** The link in use, and the one that is being opened to take its place. */
  current: Attempt | null;
  candidate: Attempt | null;
  /** The server asked not to be asked before. */
  notBefore: number;
  /** What the link that is being opened says of activity. */
  saidIdle: boolean;
  /** A socket did not get through although the server answers, so often. */
  socketFailures: number;
  lookedAt: number;
  wasHidden: boolean;
}

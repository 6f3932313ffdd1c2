import type { Clock, PresenceError, Random } from '@presence/core';
import type { Facts } from './facts.ts';
import type { Carrier } from './retry.ts';
import type { SessionStore } from './session-store.ts';
import type { Command, Done, LinkContext, Opened } from './transports/presence-link.ts';
import type { Failure } from './transports/request.ts';
import type { ConnectionState } from './types.ts';

export interface Goodbye {
  readonly sessionId: string;
  readonly leaveToken?: string | undefined;
  readonly reason: 'closed' | 'signed-out';
}

export interface SessionContext extends Omit<LinkContext, 'sessionId'> {
  readonly clock: Clock;
  readonly random: Random;
  readonly mode: 'auto' | Carrier;
  /** Who is signed in, if the application said so. */
  readonly userId: string | undefined;
  readonly store: SessionStore;
  /** What was shown before: who takes a session over is not connecting for the first time. */
  readonly shownBefore: ConnectionState;
  /** Sends a goodbye that outlives the page. */
  leave(goodbye: Goodbye): void;
}

export interface SessionEvents {
  opened(opened: Opened): void;
  facts(facts: Facts): void;
  error(error: PresenceError): void;
  /** It ended for good. */
  stopped(failure: Failure): void;
}

/** The one session of this browser: keeps a link open, whatever happens to it. */
export interface Session {
  demand(): void;
  activity(idleMs: number | null): void;
  submit(command: Command, done: Done): void;
  /**
   * A page became visible, hidden or woke. `seen`: somebody looks at it, so make sure of the link or
   * try again now.
   */
  nudge(seen: boolean): void;
  online(): void;
  offline(): void;
  /** When the link, or this page that looks after it, was last known to be alive. */
  goodUntil(): number;
  /** Without a reason nothing is said: another tab goes on with the session. */
  close(reason?: Goodbye['reason']): void;
}

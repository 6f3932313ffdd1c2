import type { Cancel } from '@presence/core';
import type { PageContext } from '../context.ts';
import type { Failure } from '../transports/failures.ts';
import type { Stopped, ToFollowers, ToLeader } from './messages.ts';

export interface TabContext extends PageContext {
  readonly id: string;
  /** The same for all tabs that share; empty: this tab stands alone. */
  readonly shared: string;
  /** Asks for a lock and keeps it until the returned function gives it back. */
  hold(name: string, won: () => void): Cancel;
  post(message: ToLeader | ToFollowers | Stopped): void;
  /** It ended for good, in this tab and all others. */
  stopped(failure: Failure): void;
}

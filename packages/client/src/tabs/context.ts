import type { PageContext } from '../context.ts';
import type { Failure } from '../transports/failures.ts';
import type { Stopped, ToFollowers, ToLeader } from './messages.ts';

export interface TabContext extends PageContext {
  readonly id: string;
  /** The same for all tabs that share; `null`: this tab stands alone. */
  readonly shared: string | null;
  post(message: ToLeader | ToFollowers | Stopped): void;
  /** It ended for good, in this tab and all others. */
  stopped(failure: Failure): void;
}

/** Each tab holds a lock of its own for as long as it lives, so that the others learn of its end even if it crashed. */
export const lifeOf = ({ shared }: TabContext, tab: string): string => `${shared} ${tab}`;

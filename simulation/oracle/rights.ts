import type { Login } from '../world/server-process.ts';

/** What a leave token lets its bearer end. */
export interface LeaveRight {
  readonly tenant: string;
  readonly userId: string;
  readonly sessionId: string;
  readonly generation: number;
}

/** Tokens that the server gave out, and to whom. */
export interface Rights {
  readonly leave: Map<string, LeaveRight>;
  readonly tickets: Map<string, Login>;
  /** Tickets that opened a socket. */
  readonly spent: Set<string>;
}

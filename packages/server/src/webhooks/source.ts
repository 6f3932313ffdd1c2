import type { Desk } from './desk.ts';
import type { Hook } from './hook.ts';
import type { Delivery } from './types.ts';

/** Where the changes come from that a webhook tells. */
export interface Source {
  readonly delivery: Delivery;
  readonly desk: Desk;
  /** Resolves when no change from now on is missed. Never rejects. */
  start(take: (hook: Hook) => void): Promise<void>;
  /** Gives no more. */
  stop(): Promise<void>;
  /** What it gave is over, or will not be: another process may go on. */
  release(): Promise<void>;
}

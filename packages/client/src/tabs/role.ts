import type { Goodbye } from '../session-context.ts';
import type { Command, Done } from '../transports/presence-link.ts';
import type { TabMessage } from './messages.ts';

/** What a tab does for its client: it holds the link itself, or asks the tab that does. */
export interface Role {
  demand(): void;
  input(): void;
  submit(command: Command, done: Done): void;
  /** The page became visible or woke. */
  nudge(): void;
  online(): void;
  offline(): void;
  /** Until when this tab is sure of what it shows, on this machine's clock. */
  goodUntil(): number;
  message(message: TabMessage): void;
  close(reason?: Goodbye['reason']): void;
}

import type { Call } from '../calls.ts';
import type { Goodbye } from '../context.ts';
import type { TabMessage } from './messages.ts';

/** What a tab does for its client: it holds the link itself, or asks the tab that does. */
export interface Role {
  demand(): void;
  noteInput(): void;
  submit(call: Call): void;
  /** The page became visible, hidden or woke. */
  nudge(): void;
  /** The network came back, or is known to be gone. */
  setOnline(online: boolean): void;
  /** Until when this tab is sure of what it shows, on this machine's clock. */
  goodUntil(): number;
  message(message: TabMessage): void;
  close(reason?: Goodbye['reason']): void;
}

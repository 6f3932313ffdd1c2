import type { Clock, ErrorCode, PresenceError } from '@presence/core';
import type {
  ActivityFrame,
  ClientPolicy,
  StatusFrame,
  VisibilityFrame,
} from '@presence/core/protocol';
import type { Demand } from '../demand.ts';
import type { Facts } from '../facts.ts';
import type { Transport } from '../types.ts';
import type { Failure, Request } from './request.ts';

/** What a user does to their own presence. */
export type Command = StatusFrame | VisibilityFrame;

/** Told once how a command ended: nothing when it was stored. */
export type Done = (error?: { readonly code: ErrorCode; readonly message: string }) => void;

/** What the server said when it opened or resumed the session. */
export interface Opened {
  readonly sessionId: string;
  readonly userId: string;
  readonly leaveToken?: string | undefined;
  readonly policy?: ClientPolicy | undefined;
}

/** A session's way to the server, whatever carries it. */
export interface PresenceLink {
  activity(idleMs: number | null): void;
  /** What is wanted changed. */
  demand(): void;
  submit(command: Command, done: Done): void;
  /** Proves that the link still carries; it ends by itself if not. */
  probe(): void;
  /** When the server was last heard, on this machine's clock. */
  heardAt(): number;
  /** Ends without a word, or with a goodbye. Nothing is told of it afterwards. */
  close(reason?: 'closed' | 'signed-out'): void;
}

export interface Loss {
  /** When the link was last known to carry, on this machine's clock. */
  readonly goodUntil: number;
  /** Whether the server was reached at all: if so, what failed is this kind of link. */
  readonly reached: boolean;
}

export interface PresenceLinkEvents {
  opened(opened: Opened): void;
  facts(facts: Facts): void;
  /** Once. */
  lost(failure: Failure, loss: Loss): void;
  /** The server asks to come back after so long. Ends the link as `lost` does. */
  moved(afterMs: number): void;
  error(error: PresenceError): void;
}

/** What a link is opened with. */
export interface LinkContext {
  readonly clock: Clock;
  readonly request: Request;
  /** Absolute address of the mount. */
  readonly base: string;
  readonly transport: Transport;
  readonly sessionId: string | undefined;
  readonly device: string | undefined;
  /** `null` while active. */
  idleMs(): number | null;
  isHidden(): boolean;
  demand(): Demand;
}

export const activityFrame = (idleMs: number | null): ActivityFrame => ({
  type: 'activity',
  state: idleMs === null ? 'active' : 'idle',
  ...(idleMs !== null && { idleMs: Math.round(idleMs) }),
});

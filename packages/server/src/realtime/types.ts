import type { Buffer } from 'node:buffer';
import type { Instant, Key, LeaseId, RoomStay } from '@presence/core';

/** One physical link, as the realtime protocol drives it. The WebSocket file makes them; tests make virtual ones. */
export interface Connection {
  /** Sends one text frame. The same frame may go to many receivers: it is serialised once. */
  write(frame: SharedFrame): void;
  /** What is sent from now until the end of this turn may go out as one; worth it for several frames. */
  together?(): void;
  /** Sends a protocol ping: empty, or a marker that the pong brings back. */
  ping(marker: string): void;
  /** Answers the peer's ping. */
  pong(payload: Uint8Array): void;
  /** Whether it takes frames now. */
  readonly isWritable: boolean;
  close(code: number, reason: string): void;
  /** Cuts the link without a goodbye. */
  terminate(): void;
}

/** What a connection tells the gateway. Each call is cheap to make and never throws. */
export interface ConnectionEvents {
  /** A text frame, or its bytes, which are left as they are from then on. */
  message(content: string | Buffer): void;
  /** A binary frame, which the protocol has none of. */
  binary(): void;
  ping(payload: Uint8Array): void;
  /** The answer to a ping; `marker` is what that ping carried. */
  pong(marker: string): void;
  /** The link is gone, once. */
  closed(): void;
}

/** A text frame as it goes over the wire, header and all, made once for all its receivers. */
export interface SharedFrame {
  /** The payload, read from the bytes: few receivers want it. */
  readonly text: string;
  readonly bytes: Uint8Array;
}

/** A session whose socket this node holds, or held until less than its grace ago. */
export interface HeldSession {
  readonly key: Key;
  readonly sessionId: string;
  readonly generation: number;
  readonly device: string | null;
  readonly openedAt: Instant;
  readonly issuedAt: Instant | undefined;
  readonly rooms?: readonly RoomStay[] | undefined;
  /** For how long there was no input; `null` while active. */
  idleMs(): number | null;
  /** Whether it is still here, and not about to be ended: nothing may put it back then. */
  isStaying(): boolean;
  /** The lease was lost and the session could not be attached again: the link must go. */
  end(code: number, reason: string): void;
}

/** Every session that hangs on this node's lease. */
export interface HeldSessions {
  all(): Iterable<HeldSession>;
  readonly size: number;
  /** Distinct users among them: what a store counts as the lease's holders. */
  readonly users: number;
}

/** This node's shared lease. */
export interface NodeLease {
  /** The lease that new sessions hang on; resolves when it lives. */
  current(): Promise<LeaseId>;
  /** The same without waiting; the last one known. */
  latest(): LeaseId;
  /** A commit found it lost: takes the next incarnation and attaches every held session again. */
  lost(id: LeaseId): Promise<LeaseId>;
  /**
   * Asks the store, once for all who ask together. When the lease has ended, everything is being attached
   * again from then on. False as well where the store does not answer: nobody knows.
   */
  isLost(): Promise<boolean>;
  /** What the store says that its data is called; another name than before: the same as a loss. */
  noteEpoch(epoch: string): void;
  /** Sessions are being attached again: the store does not know all of them yet. */
  isAttaching(): boolean;
  /** One last renewal, for `grace.drainMs`; none after it. */
  drain(): Promise<void>;
  stop(): void;
}

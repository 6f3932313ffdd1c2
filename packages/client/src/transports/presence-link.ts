import type { ClientPolicy } from '@presence/core/protocol';
import type { Call } from '../calls.ts';
import type { PageContext } from '../context.ts';
import type { Demand } from '../demand.ts';
import type { Facts } from '../facts.ts';
import type { Timers } from '../timers.ts';
import type { Failure } from './failures.ts';

export type Carrier = 'websocket' | 'stream' | 'http';

/** What the server said when it opened or resumed the session. */
export interface Opened {
  readonly sessionId: string;
  readonly userId: string;
  readonly leaveToken?: string | undefined;
  readonly policy?: ClientPolicy | undefined;
  /** On the server's clock. */
  readonly asOf: number;
}

/** A session's way to the server, whatever carries it. */
export interface PresenceLink {
  /** Reports it as it is now. The answer proves that the link still carries; it ends by itself if none comes. */
  report(): void;
  /** The page was hidden or shown: the promised next beat depends on it. */
  nudge?(): void;
  /** The network changed: a better way to the server may be there now. */
  upgrade?(): void;
  /** What is wanted changed. */
  demand(): void;
  submit(call: Call): void;
  /** When the server was last heard, on this machine's clock. */
  heardAt(): number;
  /** Ends without a word, or with a goodbye. Nothing is told of it afterwards. */
  close(reason?: 'closed' | 'signed-out'): void;
}

/** What a link is opened with, and what it tells. */
export interface LinkContext extends PageContext {
  readonly sessionId: string | undefined;
  /** The link's own, which stops them when it ends. */
  readonly timers: Timers;
  /** `undefined` while active. */
  idleForMs(): number | undefined;
  demand(): Demand;
  /** @param link if it took the place of the one that was opened */
  opened(opened: Opened, carrier: Carrier, link?: PresenceLink): void;
  learn(facts: Facts): void;
  /**
   * Once. It was last known to carry at `goodUntil`, on this machine's clock.
   *
   * @param failure `null`: the server asked to come back after `movedMs`
   * @param reached the server answers, so what failed is this kind of link
   */
  lost(failure: Failure | null, goodUntil: number, reached: boolean, movedMs?: number): void;
}

export type OpenLink = (context: LinkContext) => PresenceLink;

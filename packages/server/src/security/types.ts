import type { Key } from '@presence/core';
import type { ResolvedPrincipal } from '../types.ts';

/** One-time tickets: signed principals, good for ten seconds. */
export interface Tickets {
  issue(principal: ResolvedPrincipal): { readonly ticket: string; readonly expiresInMs: number };
  /**
   * Checks signature and age; that it was not used before is checked by the commit that opens the
   * session (`Open.ticket`).
   *
   * @throws PresenceError `ticket_invalid`
   */
  redeem(ticket: string): {
    readonly principal: ResolvedPrincipal;
    readonly id: string;
    /** How long it could still be shown again; what `Open.ticket.forMs` takes. */
    readonly forMs: number;
    /** This process has spent it; otherwise the commit has to, by `Open.ticket`. */
    readonly isSpent: boolean;
  };
}

/** What a leave token lets anybody do: end this connection of this session. */
interface LeaveRight {
  readonly key: Key;
  readonly sessionId: string;
  readonly generation: number;
}

export interface LeaveTokens {
  issue(right: LeaveRight): string;
  /** @throws PresenceError `leave_token_invalid` */
  open(token: string): LeaveRight;
}

/** The tokens of one key. Opaque. */
export interface Bucket {
  fullAt: number;
}

/** Token buckets by key, bounded in number; a bucket that is full again is forgotten. */
export interface RateLimit {
  /** `null`: go ahead. Otherwise in how many ms the next token is there. */
  take(key: string): number | null;
  /** The bucket of a key, for whoever takes from it again and again; it stays the key's own while it is in use. */
  bucketOf(key: string): Bucket;
  takeFrom(bucket: Bucket): number | null;
}

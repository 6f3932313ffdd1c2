import type { Instant } from '@presence/core';
import type {
  EraseHistoryAnswer,
  HistoryAnswer,
  HistoryStep,
  InsightsAnswer,
  PeaksAnswer,
} from '@presence/core/protocol';

/** Which part of a user's history. */
export interface HistoryReadOptions {
  /** Default: from the beginning. */
  readonly from?: Instant;
  /** Not in it any more. Default: until now. */
  readonly until?: Instant;
  /** 1 to 500. Default 100. */
  readonly limit?: number;
  /** What the page before gave as `nextCursor`. */
  readonly cursor?: string;
}

/** Of which days, by whose clocks. */
export interface InsightsOptions {
  /** Default `UTC`. */
  readonly timeZone?: string;
  /** So many, of which the last is today. 1 to 366, default 30. */
  readonly days?: number;
}

/** The history of one tenant. In process: what is read here, the application audits itself. */
export interface TenantHistory {
  /** A page of one user's transitions, the newest first. */
  read(userId: string, options?: HistoryReadOptions): Promise<HistoryAnswer>;
  /** All of them, the oldest first, for the user who asks for their data. */
  export(userId: string): AsyncIterable<HistoryStep>;
  /** Time online of each day, and the usual hours. */
  insights(userId: string, options?: InsightsOptions): Promise<InsightsAnswer>;
  /** How many were there together, at most, on each day. */
  peaks(options?: InsightsOptions): Promise<PeaksAnswer>;
  /** Deletes it, also the last transitions that the user's record holds for `explain`. */
  erase(userId: string): Promise<EraseHistoryAnswer>;
}

import type { Status } from '@presence/core';

/** Epoch milliseconds of this machine, whose clock every process of a test reads. */
export type Moment = number;

/** What happened to one user, as the user's own client knows it. */
export type UserEvent =
  /** Said hello: may count from here on. */
  | { readonly kind: 'opening'; readonly at: Moment; readonly node: string }
  /** Was welcomed: counts from here on. */
  | { readonly kind: 'welcomed'; readonly at: Moment; readonly node: string }
  /** The link ended, or the hello came to nothing. */
  | { readonly kind: 'ended'; readonly at: Moment; readonly node: string; readonly how: Ending };

/**
 * `lost`: without a word. `silent`: it does not answer pings from then on, and nobody closes it.
 * `beats-ended`: of a user by HTTP; the moment is that of the last beat that was taken.
 */
export type Ending = 'lost' | 'silent' | 'closed' | 'signed-out' | 'beats-ended';

/** A node that was killed, or told to stop as for a deploy. */
export interface Death {
  readonly node: string;
  readonly at: Moment;
  readonly how: 'killed' | 'drained';
}

export type FaultKind =
  /** The store did not answer, or nobody asked it. */
  | 'store-away'
  /** The store forgot everything. */
  | 'store-lost'
  /** Messages were lost or late. */
  | 'messages'
  /** The store's clock was moved. */
  | 'clock'
  /** One node did not reach the store. */
  | 'cut-off';

export interface Fault {
  readonly kind: FaultKind;
  readonly from: Moment;
  /** When the broken part was back. */
  readonly until: Moment;
  /** When it was back at the earliest; without it, `until`. */
  readonly backAt?: Moment;
  /** Of a clock: by how much. */
  readonly stepMs?: number;
  /** Of a node that was cut off: which. */
  readonly node?: string;
}

/** A row that a watcher was told, or that is implied by its absence from a tenant's snapshot (`version` null). */
export interface Told {
  readonly at: Moment;
  readonly user: number;
  readonly status: Status;
  readonly version: number | null;
  readonly via: 'snapshot' | 'changes';
  /** Of a full row: everything visible but its version, as text. */
  readonly content?: string;
}

/** One connection of a watcher, from its first snapshot on. */
export interface Watching {
  readonly watcher: number;
  readonly node: string;
  readonly from: Moment;
  /** Infinity while it lasts. */
  until: Moment;
  /** In order of arrival. */
  readonly told: Told[];
}

export interface ReadRow {
  readonly user: number;
  readonly status: Status;
  readonly version: number;
  readonly content: string;
}

/** One answered read. */
export interface Read {
  readonly node: string;
  readonly askedAt: Moment;
  readonly answeredAt: Moment;
  readonly rows: readonly ReadRow[];
}

export interface Counted {
  readonly node: string;
  readonly askedAt: Moment;
  readonly answeredAt: Moment;
  /** Everybody who is not offline. */
  readonly count: number;
}

/** Something that must be refused, and what came of it. */
interface Attempt {
  readonly what: string;
  readonly at: Moment;
  readonly wanted: string;
  readonly got: string;
}

/** A process that stood still up to `at`. */
export interface Lag {
  readonly who: string;
  readonly at: Moment;
  readonly ms: number;
}

/** The times on which the rules of the checks stand, in ms. */
export interface Timing {
  /** Of sessions by HTTP. */
  readonly leaseMs: number;
  readonly nodeLeaseMs: number;
  readonly nodeRenewMs: number;
  readonly lostMs: number;
  readonly closedMs: number;
  readonly drainMs: number;
  /** Until a link that fell silent is given up. */
  readonly pingMs: number;
  readonly pongTimeoutMs: number;
}

/** Everything that was done, told and read in one run. */
export interface History {
  readonly timing: Timing;
  readonly users: number;
  readonly startedAt: Moment;
  /** From here on everybody was there and right; watchers may be late before. */
  calmAt: Moment;
  endedAt: Moment;
  /** By user, in order. */
  readonly events: readonly UserEvent[][];
  readonly deaths: Death[];
  readonly faults: Fault[];
  readonly watchings: Watching[];
  readonly reads: Read[];
  readonly counts: Counted[];
  readonly attempts: Attempt[];
  /** When a process stood still that should have run, nodes and the test's own: the machine was busy. */
  readonly lags: Lag[];
}

export const emptyHistory = (users: number, timing: Timing, startedAt: Moment): History => ({
  timing,
  users,
  startedAt,
  calmAt: startedAt,
  endedAt: Infinity,
  events: Array.from({ length: users }, () => []),
  deaths: [],
  faults: [],
  watchings: [],
  reads: [],
  counts: [],
  attempts: [],
  lags: [],
});

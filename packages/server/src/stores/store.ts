import type {
  Instant,
  Key,
  Lease,
  LeaseId,
  Loaded,
  PresenceRecord,
  Status,
  Step,
  Write,
} from '@presence/core';
import type { History } from '../history/history.ts';
import type { Soon } from '../soon.ts';
import type { Outbox } from '../webhooks/outbox.ts';

/** Undoes a subscription; resolves when nothing arrives any more. */
export type Unsubscribe = () => Promise<void>;

/** Records at one instant of the store's clock. */
export interface LoadAnswer {
  readonly at: Instant;
  /** Changes when the store lost data. */
  readonly epoch: string;
  /** In the order of the keys asked for. */
  readonly items: readonly Loaded[];
  /** Of each item, where the store has several clocks: what is judged by another’s may have ended there. */
  readonly instants?: readonly Instant[];
  /** Nobody wrote the pulse lately: the engine calls `due`, which grants the amnesty, and reads again. */
  readonly pulseOld?: boolean;
}

/**
 * `conflict`: the record changed since `base`. `late`: `validUntil` has passed. `lease-lost`: a
 * shared lease held anew has ended. `current` saves the reload.
 */
export type Committed =
  | { readonly ok: true }
  | {
      readonly ok: false;
      readonly reason: 'conflict' | 'late' | 'lease-lost';
      readonly current: Loaded;
    };

export interface CommitAnswer {
  readonly at: Instant;
  /** In the order of the writes. */
  readonly results: readonly Committed[];
  /** Of each result, where the store has several clocks. */
  readonly instants?: readonly Instant[];
}

export interface LostLease {
  readonly id: LeaseId;
  /** Where a store keeps copies of a shared lease: the copy that was lost. */
  readonly partition?: number;
}

export interface RenewAnswer {
  readonly at: Instant;
  readonly epoch: string;
  /** Had ended or never was: its owner attaches again, with a new id. */
  readonly lost: readonly LostLease[];
  /** How many records hold each shared lease that was renewed. */
  readonly held: ReadonlyMap<LeaseId, number>;
}

export interface DueAnswer {
  readonly at: Instant;
  /** Records with a passed deadline or an ended lease. */
  readonly items: readonly Loaded[];
  readonly more: boolean;
  /** When the next one is due, as far as the store can tell cheaply. */
  readonly nextAt: Instant | null;
}

/** A page of one list, by user id. */
export interface FindQuery {
  readonly tenant: string;
  /** {@link TENANT_SCOPE} or another of core's scopes. */
  readonly scope: string;
  readonly status: readonly Status[];
  /** The last user id of the page before; `''` for the first page. Never a rank: people come and go. */
  readonly after: string;
  /** Of `items`. A store may count `overdue` towards it: fewer items then, and `more`. */
  readonly limit: number;
}

export interface FindAnswer {
  readonly at: Instant;
  /** In order of user id (by UTF-16 code unit), each with the status that the index tells exactly. */
  readonly items: readonly Loaded[];
  /** The last id that was looked at: the next page's `after`. */
  readonly end: string;
  /**
   * Records of the scope from `after` to `end` that the index could not judge: a deadline passed or
   * a lease ended. The engine settles and sorts them in; none of them is in `items`.
   */
  readonly overdue: readonly Loaded[];
  readonly more: boolean;
  /** More are overdue than the store looked through: reap and ask again. */
  readonly crowded?: boolean;
  readonly pulseOld?: boolean;
}

export interface CountAnswer {
  readonly at: Instant;
  /** Without the overdue. */
  readonly byStatus: Readonly<Record<Status, number>>;
  readonly overdue: readonly Loaded[];
  /** More are overdue than 500, or than the store looked through: reap and ask again. */
  readonly more: boolean;
  readonly pulseOld?: boolean;
}

/** A commit of any node. */
export interface StoreChange {
  readonly key: Key;
  readonly record: PresenceRecord | null;
  readonly leases: ReadonlyMap<LeaseId, Instant>;
  readonly steps: readonly Step[];
  readonly at: Instant;
  /** Contiguous within its channel; a hole fires `gap`. */
  readonly seq: number;
}

/** A volatile message to all nodes: typing, disconnect, probe. */
export interface StoreSignal {
  readonly topic: string;
  readonly message: unknown;
}

export interface Subscriber {
  change(change: StoreChange): void;
  signal(signal: StoreSignal): void;
  /** Messages were lost: take a snapshot. */
  gap(topic: string): void;
}

/**
 * A versioned record store with leases, an index and a change feed. The rules of presence are not
 * here: a store knows only what a living lease is, and its own clock.
 *
 * Every answer carries `at`, the store's clock. Reads never write (but for the pulse of `due`).
 * The verbs of a heartbeat, `load` and `renew`, may answer at once instead of with a promise: a store
 * in this process does, and one behind a network cannot.
 * The contract is the suite exported from `@presence/server/testing`.
 */
export interface PresenceStore {
  /** `memory`, `durable`: whether an acknowledged commit survives the store's process. */
  readonly durability: 'volatile' | 'durable';
  /** Only this process can see it, so that a random secret and no other node will ever do. */
  readonly isLocal?: boolean;
  /**
   * `renew` reports a lease as lost whose record has another {@link Lease.revision} than it names. So
   * a heartbeat that says nothing new needs no load. Without it no lease names one.
   */
  readonly renewsByRevision?: boolean;
  /**
   * How many pages of due records one node settles at once where there are more than one: where a page waits for a network
   * more than it works. Default 1.
   */
  readonly reapers?: number;
  /** Records with the expiry of every lease they hold, at one instant; a held lease that is missing has ended. */
  load(keys: readonly Key[]): Soon<LoadAnswer>;
  /**
   * Each write all or nothing: record, holds, leases, deadline, index and message become visible
   * together. An own lease dies with the last write that held it; a lease that ended, own or shared,
   * keeps its expiry in `load` until no record holds it.
   */
  commit(writes: readonly Write[]): Promise<CommitAnswer>;
  /**
   * Extends living leases to at least the clock + `forMs`. Never shortens, never revives; creates
   * only shared ones, with `create`. Refused (all reported lost) at or after `validUntil`. Meeting
   * an old pulse, it and `commit` judge leases by the amnesty that `due` is about to grant.
   */
  renew(leases: readonly Lease[], validUntil: Instant | null): Soon<RenewAnswer>;
  /**
   * At most `limit` records that are due, from a random offset `spread` in [0, 1), so that several
   * reapers meet different ones. Writes the pulse, and grants the amnesty when the pulse was old.
   */
  due(limit: number, spread: number): Promise<DueAnswer>;
  find(query: FindQuery): Promise<FindAnswer>;
  count(scope: { readonly tenant: string; readonly scope: string }): Promise<CountAnswer>;
  /** Topics are tenants. Resolves when live. Messages may be lost, repeated and out of order across topics. */
  subscribe(topics: readonly string[], on: Subscriber): Promise<Unsubscribe>;
  /** Volatile, at most once, to all nodes, also to the sender's. */
  signal(topic: string, message: unknown): Promise<void>;
  /** How many servers hold a living lease: those that users' sockets hang on. Without it nobody can tell. */
  nodes?(): Promise<number>;
  /**
   * Rejects where the store cannot do its work, with what is wrong and what to do: `invalid_options` where
   * somebody has to change something, else `store_unavailable`. Asked at the start and by
   * `/health/ready`. Without it a store is as well as its `load`.
   */
  check?(): Promise<void>;
  /**
   * Keeps a text that says by which policy this node judges. The one that another kept before, where it
   * differs; else `null`. For stores that two applications could share by mistake.
   */
  comparePolicy?(policy: string): Promise<string | null>;
  /**
   * For stores that keep a history themselves: from then on each commit writes its steps in the same
   * transaction, so that none is missed and none invented. Gives what they are read by.
   */
  keepHistory?(): History;
  /**
   * For stores that can keep what webhooks have to tell: each commit that changes a public presence writes
   * it down in the same transaction, whichever process commits, for as long as a hook is enrolled.
   */
  keepOutbox?(): Outbox;
  /**
   * For stores that keep what is declared in a second place: resolves when that has the user as they
   * are. Asked before somebody is told that what they declared was so already.
   */
  confirm?(key: Key): Promise<void>;
  close(): Promise<void>;
}

/** The pulse is old, and the store was stopped, when nobody wrote it for longer than this. */
export const PULSE_OLD_MS = 5000;

/** How long leases alive at the last pulse count after a stop: a node's lease, and 75 s for own leases. */
export const AMNESTY_MS = Object.freeze({ shared: 30_000, own: 75_000 });

/** The most overdue records in one answer; beyond it, or earlier where a store says so, the engine reaps and asks again. */
export const OVERDUE_LIMIT = 500;

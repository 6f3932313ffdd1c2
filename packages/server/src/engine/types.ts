import type {
  Command,
  Instant,
  Key,
  Lease,
  Leases,
  Policy,
  PresenceRecord,
  Session,
  Status,
} from '@presence/core';
import type { Soon } from '../soon.ts';

/** One user, settled at an instant of the store's clock. */
export interface Reading {
  readonly key: Key;
  readonly at: Instant;
  readonly record: PresenceRecord | null;
  readonly leases: Leases;
}

/** What became of a command: the user as they are for everybody from `at` on. */
export interface Executed extends Reading {
  readonly session: Session | null;
  /** False: nothing had to be stored. */
  readonly written: boolean;
}

/** An HTTP heartbeat, as core takes it. */
export type Beat = Extract<Command, { type: 'beat' }>;

/**
 * What was said of a beat, for as long as that stands: until the record or time changes, the next
 * beat that says the same is a renewal and nothing else.
 */
export interface Standing {
  /** One lease, renewed only while its record is the one that was judged. */
  readonly renewal: readonly Lease[];
  /** When the record changes by itself, whatever becomes of that lease; `null`: never. */
  readonly until: Instant | null;
  /** Only of higher numbers. */
  readonly seq: number;
}

/** What became of a beat. */
export interface Beaten extends Executed {
  /** `null`: the next one is judged anew. */
  readonly standing: Standing | null;
}

/** A command, or one that is made anew at each try: a node's lease may be another by then. */
export type CommandSource = Command | (() => Command);

/** A page of one list. */
export interface Page {
  readonly at: Instant;
  readonly items: readonly Reading[];
  /** The next page's `after`; `null` on the last. */
  readonly end: string | null;
}

/** One of so many parts of what is due, from 0 on. */
export interface Part {
  readonly index: number;
  readonly of: number;
}

/** Load, apply, commit. Nothing else in the server writes to the store. */
export interface Engine {
  policyOf(tenant: string): Policy;
  /** Reads of one turn of the event loop travel to the store together. */
  read(key: Key): Promise<Reading>;
  readMany(keys: readonly Key[]): Promise<readonly Reading[]>;
  /**
   * Applies one command and commits. Commands for one user share loads and commits.
   *
   * @throws PresenceError the command's refusal, or `store_unavailable`
   */
  execute(key: Key, command: CommandSource): Promise<Executed>;
  /**
   * An HTTP heartbeat: renews the session's lease by id when nothing else changes, which costs the
   * store no commit; else the same as `execute`. Throws what a promise would reject with.
   */
  beat(key: Key, beat: Beat): Soon<Beaten>;
  /**
   * One more beat that differs from the one that was judged in nothing but a higher number: the
   * instant of its renewal, or `null` where something changed since, and it has to be judged anew.
   */
  again(standing: Standing): Soon<Instant | null>;
  /** Users of one list in order of id, exact at `at`. */
  find(query: {
    readonly tenant: string;
    readonly scope: string;
    readonly status: readonly Status[];
    readonly after: string;
    readonly limit: number;
  }): Promise<Page>;
  count(scope: { readonly tenant: string; readonly scope: string }): Promise<{
    readonly at: Instant;
    readonly byStatus: Readonly<Record<Status, number>>;
  }>;
  /**
   * Commits up to `limit` due records; how many were due, how many of them are settled by it, and how many of those went
   * offline.
   *
   * @param part of those that are due, where several parts are reaped at once. Default: all of them
   */
  reap(
    limit: number,
    part?: Part,
  ): Promise<{
    readonly at: Instant;
    readonly due: number;
    readonly settled: number;
    readonly wentOffline: number;
    readonly more: boolean;
  }>;
  /** How many pages are best reaped at once. */
  readonly reapers: number;
}

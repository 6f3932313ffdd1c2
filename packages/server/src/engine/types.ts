import type {
  Command,
  Instant,
  Key,
  Leases,
  Policy,
  PresenceRecord,
  Session,
  Status,
} from '@presence/core';

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

/** A command, or one that is made anew at each try: a node's lease may be another by then. */
export type CommandSource = Command | (() => Command);

/** A page of one list. */
export interface Page {
  readonly at: Instant;
  readonly items: readonly Reading[];
  /** The next page's `after`; `null` on the last. */
  readonly end: string | null;
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
   * store no commit; else the same as `execute`.
   */
  beat(key: Key, beat: Extract<Command, { type: 'beat' }>): Promise<Executed>;
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
  /** Commits up to `limit` due records; how many were due and how many of them went offline. */
  reap(
    limit: number,
  ): Promise<{ readonly due: number; readonly wentOffline: number; readonly more: boolean }>;
}

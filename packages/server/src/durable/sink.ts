import type { Key, PresenceRecord } from '@presence/core';
import type { History } from '../history/history.ts';

/** A user as a commit of the live store left them. */
export interface Kept {
  readonly key: Key;
  /** `null`: deleted. */
  readonly record: PresenceRecord | null;
  /** Of the record, or of the one that was deleted: nothing older is ever written over it. */
  readonly revision: number;
}

/** A user as a sink knows them. */
export interface Known {
  readonly key: Key;
  readonly record: PresenceRecord;
}

/** A change that was announced long ago, and nobody said what became of it. */
export interface Announced {
  readonly id: string;
  readonly key: Key;
  /** The user was to be deleted. */
  readonly isGone: boolean;
  /** What the sink knows of the user; `null`: nothing. */
  readonly record: PresenceRecord | null;
}

/** A page of all users of a kind; `next` is given back as `after`. */
export interface KnownPage {
  readonly users: readonly Known[];
  readonly next: Key | null;
}

/**
 * The durable side of a live store. It is written after the live store's commits, at least once, and
 * keeps the newest revision of each user; it decides nothing.
 */
export interface Sink {
  /** Before the live store is asked: these users are about to change. An id for each, in their order. */
  announce(
    changes: readonly { readonly key: Key; readonly isGone: boolean }[],
  ): Promise<readonly string[]>;
  /** Resolves when it is durable. What is older than it has, or was written before, changes nothing. */
  write(users: readonly Kept[], announced: readonly string[]): Promise<void>;
  /** Announced longer ago than any change takes. */
  overdue(limit: number): Promise<readonly Announced[]>;
  /** Everybody who declared something, or of whom something was declared. */
  declared(after: Key | null, limit: number): Promise<KnownPage>;
  /** Everybody who is written down as present. */
  present(after: Key | null, limit: number): Promise<KnownPage>;
  /** Where the history is kept, if it is asked for and nothing else is said. */
  readonly history: History;
}

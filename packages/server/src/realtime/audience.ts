import type { Instant, Status } from '@presence/core';
import type { Link } from './link.ts';
import type { SharedFrame } from './types.ts';

/** What this node knows of one watched user's public presence. The newest version it has heard of. */
export interface Entry {
  readonly userId: string;
  /** Tells it from every other in this hub, and puts them in an order. Another's, once nobody knows this one any more. */
  readonly number: number;
  /** -1: nothing is known yet. */
  version: number;
  status: Status;
  /** The version as viewers may know it. */
  told: number;
  /** The full row, serialised once for each version; `''` while nobody watches the user by id. */
  json: string;
  /** When this version became known here, in the hub's own count. */
  seq: number;
  /** Up to which instant of the store's clock it is known to hold. */
  knownAt: Instant;
  /** When the store was last asked, in live time. */
  readAt: number;
  reading: Promise<void> | null;
  /** The scan of the tenant that met the user last. */
  scan: number;
  /** The place among the changed, while a flush runs. */
  place: number;
}

/**
 * Everybody who watches the same users. Watches that are equal share one: ten thousand viewers of
 * one list cost one list.
 */
export interface Group {
  /** The users' numbers in order, without repetition. Empty for the audience of the whole tenant. */
  readonly numbers: Uint32Array;
  readonly members: Set<Watch>;
  readonly hash: number;
  /** Where the index of watchers has it. */
  place: number;
  /** The last one made, unless something in it was flushed since. */
  snapshot: Snapshot | null;
  /** While a flush runs: what changed in it. */
  changed: Entry[] | null;
}

/**
 * A snapshot's frames for one watch id: many clients give their watches the same ids. It fits
 * everybody who joins before something in it is flushed, for what changed since is flushed to them.
 */
export interface Snapshot {
  readonly id: string;
  readonly seq: number;
  /** Live time. */
  readonly madeAt: number;
  readonly frames: readonly SharedFrame[];
}

/** Of a watched room, what ends and repeats a watch. */
export interface RoomWatchers {
  end(watch: Watch): void;
  /** Sends the whole room anew. */
  resend(watch: Watch): void;
}

/** One viewer's subscription. */
export interface Watch {
  readonly link: Link;
  /** On the same link. */
  next: Watch | null;
  readonly id: string;
  readonly isTenant: boolean;
  /** Where it is about a room: who looks after it instead of the group. */
  readonly room: RoomWatchers | null;
  group: Group;
  /**
   * Changes up to this one (in the hub's count) were part of the snapshot. {@link NOT_JOINED} until it
   * was sent: what changes meanwhile will be in it.
   */
  joinedSeq: number;
}

/** Whole and small, as every other of its values: V8 keeps those without an object. */
export const NOT_JOINED = -1;

export const createEntry = (userId: string, number: number): Entry => ({
  userId,
  number,
  version: -1,
  status: 'offline',
  told: -1,
  json: '',
  seq: 0,
  knownAt: 0,
  readAt: -1,
  reading: null,
  scan: 0,
  place: -1,
});

export const NOBODY = new Uint32Array(0);

export const createGroup = (numbers: Uint32Array, hash: number): Group => ({
  numbers,
  members: new Set(),
  hash,
  place: -1,
  snapshot: null,
  changed: null,
});

/** Whether the audience watches this user by id. */
export const isIn = ({ numbers }: Group, { number }: Entry): boolean => {
  let low = 0;
  let high = numbers.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (numbers[middle]! < number) low = middle + 1;
    else high = middle;
  }
  return numbers[low] === number;
};

/** `["ada","online",17]`: the row of a tenant's watch. */
export const compactJson = ({ userId, status, told }: Entry): string =>
  `[${JSON.stringify(userId)},"${status}",${told}]`;

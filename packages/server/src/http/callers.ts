import type { Key } from '@presence/core';
import type { Bucket } from '../security/types.ts';
import type { KnownBeat } from './routes/known-beats.ts';

/** Whoever calls, with what this node remembers of them. */
export interface Caller {
  readonly key: Key;
  /** Names them in limits. */
  readonly text: string;
  /** Their heartbeats' bucket, once it was asked for. */
  beatsBucket: Bucket | null;
  /** The latest first. */
  readonly beats: KnownBeat[];
}

/**
 * Whom this node has seen lately, so that what is the same in each of their requests need not be
 * found out anew. Nothing hangs on it: whoever was forgotten is a stranger for one request.
 */
export interface Callers {
  of(key: Key): Caller;
  /** Remembers them for the requests that follow. */
  keep(caller: Caller): void;
}

/** About a kilobyte each. */
const MOST = 50_000;

type Users = Map<string, Map<string, Caller>>;

const find = (users: Users, { tenant, userId }: Key): Caller | undefined =>
  users.get(tenant)?.get(userId);

// Ids hold no control characters, so the texts of two users are never the same.
const stranger = ({ tenant, userId }: Key): Caller => ({
  key: { tenant, userId },
  text: `${tenant}\n${userId}`,
  beatsBucket: null,
  beats: [],
});

/** In two generations: when the younger one is full, it becomes the elder, and the elder is forgotten. */
export const createCallers = (most: number = MOST): Callers => {
  let young: Users = new Map();
  let old: Users = new Map();
  let count = 0;

  const put = (caller: Caller): void => {
    if (count >= most / 2) {
      old = young;
      young = new Map();
      count = 0;
    }
    const { tenant, userId } = caller.key;
    const users = young.get(tenant) ?? new Map<string, Caller>();
    young.set(tenant, users.set(userId, caller));
    count += 1;
  };

  const returned = (key: Key): Caller | undefined => {
    const caller = find(old, key);
    if (caller) put(caller);
    return caller;
  };

  return {
    of: (key) => find(young, key) ?? returned(key) ?? stranger(key),
    keep: (caller) => {
      if (find(young, caller.key) !== caller) put(caller);
    },
  };
};

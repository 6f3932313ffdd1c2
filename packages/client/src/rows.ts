import type { Presence } from '@presence/core';
import { confirm, isConfirmed, looksLike, type Changes, type Held, type Holdings } from './held.ts';
import type { UserPresence } from './types.ts';

const NONE: readonly never[] = Object.freeze([]);
/** Placeholders of users who were asked for and never watched. */
const MOST_PLACEHOLDERS = 1000;

/** What is shown of someone: all of the row while it can be trusted, else only how old it is. */
export const shownOf = (
  userId: string,
  row: Presence | null,
  asOf: number | null,
): UserPresence => ({
  userId,
  status: row?.status ?? 'unknown',
  since: row?.since ?? null,
  lastSeenAt: row?.lastSeenAt ?? null,
  lastActiveAt: row?.lastActiveAt ?? null,
  message: row?.message ?? null,
  emoji: row?.emoji ?? null,
  devices: row?.devices ? Object.freeze([...row.devices]) : NONE,
  version: row?.version ?? 0,
  asOf,
});

interface Entry extends Held {
  row: Presence;
  shown: UserPresence;
}

/** The watched users as last heard. Versions only grow. */
export interface Rows {
  get(userId: string): UserPresence;
  put(rows: readonly Presence[], asOf: number, changes: Changes): void;
  drop(userIds: readonly string[], changes: Changes): void;
  /** The rows that a live link confirms. */
  confirmed(): Presence[];
}

/** One object for each user who is not known, so that asking twice gives the same. */
const createPlaceholders = () => {
  const held = new Map<string, UserPresence>();
  return (userId: string): UserPresence => {
    const placeholder = held.get(userId) ?? Object.freeze(shownOf(userId, null, null));
    held.set(userId, placeholder);
    if (held.size > MOST_PLACEHOLDERS) held.delete(held.keys().next().value ?? '');
    return placeholder;
  };
};

/**
 * A user whose record was deleted reads as never seen, version 0. That holds if it was read after
 * the version that is held: versions are never behind the clock that `asOf` is of.
 */
const supersedes = (row: Presence, asOf: number, held: Presence): boolean =>
  row.version > held.version || (row.version === 0 && asOf > held.version);

const createEntry = (row: Presence, shown: UserPresence): Entry => ({
  row,
  shown,
  known: true,
  lostAt: Infinity,
  asOf: null,
  show(changes) {
    const { known, asOf } = this;
    const { userId, version } = this.row;
    const next = { ...shownOf(userId, known ? this.row : null, asOf), version };
    if (looksLike(this.shown, next)) return;
    this.shown = Object.freeze(next);
    changes.users.add(userId);
  },
});

export const createRows = (holdings: Holdings): Rows => {
  const entries = new Map<string, Entry>();
  const placeholder = createPlaceholders();
  return {
    get: (userId) => entries.get(userId)?.shown ?? placeholder(userId),
    put(rows, asOf, changes) {
      for (const row of rows) {
        const { userId, version } = row;
        let entry = entries.get(userId);
        if (!entry) {
          entry = createEntry(row, placeholder(userId));
          entries.set(userId, entry);
          holdings.add(entry);
        } else if (supersedes(row, asOf, entry.row)) entry.row = row;
        else if (version < entry.row.version) continue;
        confirm(entry, asOf);
        entry.show(changes);
      }
    },
    drop(userIds, changes) {
      for (const userId of userIds) {
        const entry = entries.get(userId);
        if (!entry) continue;
        entries.delete(userId);
        holdings.delete(entry);
        if (entry.known) changes.users.add(userId);
      }
    },
    confirmed: () => [...entries.values()].filter(isConfirmed).map(({ row }) => row),
  };
};

import type { Presence } from '@presence/core';
import { confirm, expire, lose, type Trust } from './trust.ts';
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

/** Equal but for version and asOf, which nobody sees. */
const looksLike = (a: UserPresence, b: UserPresence): boolean =>
  a.status === b.status &&
  a.since === b.since &&
  a.lastSeenAt === b.lastSeenAt &&
  a.lastActiveAt === b.lastActiveAt &&
  a.message === b.message &&
  a.emoji === b.emoji &&
  a.devices.join() === b.devices.join();

interface Entry extends Trust {
  row: Presence;
  asOf: number;
  shown: UserPresence;
}

/** The watched users as last heard. Versions only grow. Each writer returns whose shown presence changed. */
export interface Rows {
  get(userId: string): UserPresence;
  put(rows: readonly Presence[], asOf: number): string[];
  drop(userIds: readonly string[]): string[];
  /** @param asOf up to when the lost link had confirmed everything, on the server's clock */
  lose(at: number, asOf: number | null): void;
  expire(lostBefore: number): string[];
  /** When the first of those that were lost was lost; `null` if none waits to expire. */
  firstLostAt(): number | null;
  /** The rows that a live link confirms. */
  confirmed(): Presence[];
}

export const createRows = (): Rows => {
  const entries = new Map<string, Entry>();
  const placeholders = new Map<string, UserPresence>();

  const placeholder = (userId: string): UserPresence => {
    const held = placeholders.get(userId);
    if (held) return held;
    const fresh = Object.freeze(shownOf(userId, null, null));
    placeholders.set(userId, fresh);
    if (placeholders.size > MOST_PLACEHOLDERS) {
      for (const oldest of placeholders.keys()) {
        placeholders.delete(oldest);
        break;
      }
    }
    return fresh;
  };
  const show = (entry: Entry): boolean => {
    const { row, asOf, known } = entry;
    const next = known
      ? shownOf(row.userId, row, asOf)
      : { ...shownOf(row.userId, null, asOf), version: row.version };
    if (looksLike(entry.shown, next)) return false;
    entry.shown = Object.freeze(next);
    return true;
  };
  /**
   * A user whose record was deleted reads as never seen, version 0. That holds if it was read after
   * the version that is held: versions are never behind the clock that `asOf` is of.
   */
  const supersedes = (row: Presence, asOf: number, held: Entry): boolean =>
    row.version > held.row.version || (row.version === 0 && asOf > held.row.version);

  const putOne = (row: Presence, asOf: number): boolean => {
    let entry = entries.get(row.userId);
    if (!entry) {
      entry = { row, asOf, known: true, lostAt: null, shown: placeholder(row.userId) };
      entries.set(row.userId, entry);
      placeholders.delete(row.userId);
    } else if (supersedes(row, asOf, entry)) {
      entry.row = row;
    } else if (row.version < entry.row.version) {
      return false;
    }
    entry.asOf = Math.max(entry.asOf, asOf);
    confirm(entry);
    return show(entry);
  };

  return {
    get: (userId) => entries.get(userId)?.shown ?? placeholder(userId),
    put: (rows, asOf) => rows.filter((row) => putOne(row, asOf)).map(({ userId }) => userId),
    drop: (userIds) =>
      userIds.filter((userId) => {
        const known = entries.get(userId)?.known ?? false;
        entries.delete(userId);
        return known;
      }),
    lose(at, asOf) {
      for (const entry of entries.values()) {
        if (entry.lostAt === null && asOf !== null) entry.asOf = Math.max(entry.asOf, asOf);
        lose(entry, at);
      }
    },
    expire: (lostBefore) =>
      [...entries.values()]
        .filter((entry) => expire(entry, lostBefore) && show(entry))
        .map(({ row }) => row.userId),
    firstLostAt() {
      let first: number | null = null;
      for (const { known, lostAt } of entries.values()) {
        if (known && lostAt !== null && (first === null || lostAt < first)) first = lostAt;
      }
      return first;
    },
    confirmed: () =>
      [...entries.values()]
        .filter(({ known, lostAt }) => known && lostAt === null)
        .map(({ row }) => row),
  };
};

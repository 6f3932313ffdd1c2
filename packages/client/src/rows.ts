import type { Presence } from '@presence/core';
import type { Me } from '@presence/core/protocol';
import { confirm, isConfirmed, looksLike, type Changes, type Held, type Holdings } from './held.ts';
import type { MyPresence, UserPresence } from './types.ts';

const NONE: readonly never[] = Object.freeze([]);
/** Placeholders of users who were asked for and never watched. */
const MOST_PLACEHOLDERS = 1000;

type Shown = Partial<Omit<UserPresence, 'userId' | 'version' | 'asOf'>>;

interface Entry extends Held {
  row?: Presence;
  me?: Me;
  shown: UserPresence;
}

/** What is shown of someone: all of the row while it can be trusted, else only how old it is. */
const shownOf = (
  userId: string,
  mine: boolean,
  { row, me, known, asOf }: Partial<Entry>,
): UserPresence => {
  const {
    status = 'unknown',
    since = null,
    lastSeenAt = null,
    lastActiveAt = null,
    message = null,
    emoji = null,
    devices = NONE,
  }: Shown = (known && row) || {};
  const { claims = NONE, visibility = 'visible', account = 'active' } = me ?? {};
  return Object.freeze({
    userId: row?.userId ?? userId,
    status,
    since,
    lastSeenAt,
    lastActiveAt,
    message,
    emoji,
    devices: Object.freeze(devices),
    version: row?.version ?? 0,
    asOf: asOf ?? null,
    ...(mine && { claims: Object.freeze(claims), visibility, account }),
  });
};

const createEntry = (userId: string, mine: boolean, shown: UserPresence): Entry => ({
  shown,
  known: false,
  lostAt: Infinity,
  asOf: null,
  show(changes) {
    const next = shownOf(userId, mine, this);
    if (looksLike(this.shown, next)) return;
    this.shown = next;
    changes.add(mine ? 'me' : `user ${userId}`);
  },
});

/** @param me the own view's, of which every version is taken: a claim that does not show changes none */
const put = (entry: Entry, row: Presence, asOf: number, changes: Changes, me?: Me): void => {
  const held = entry.row?.version ?? -1;
  // A user whose record was deleted reads as never seen, version 0. That holds if it was read after
  // the version that is held: versions are never behind the clock that `asOf` is of.
  const newer = row.version > held || (row.version === 0 && asOf > held);
  if (!newer && row.version < held) return;
  if (newer || me) entry.row = row;
  if (me) entry.me = me;
  confirm(entry, asOf);
  entry.show(changes);
};

/** The watched users, and the own view apart from them, as last heard. Versions only grow. */
export interface Rows {
  get(userId: string): UserPresence;
  getMe(): MyPresence;
  put(rows: readonly Presence[], asOf: number, changes: Changes): void;
  putMe(me: Me, asOf: number, changes: Changes): void;
  drop(userIds: readonly string[], changes: Changes): void;
  /** What a live link confirms. */
  confirmed(): { readonly rows: Presence[]; readonly me: Me | undefined };
}

export const createRows = (ownId: string, holdings: Holdings): Rows => {
  const own = createEntry(ownId, true, shownOf(ownId, true, {}));
  const entries = new Map<string, Entry>();
  /** One object for each user who is not known, so that asking twice gives the same. */
  const placeholders = new Map<string, UserPresence>();
  const placeholder = (userId: string): UserPresence => {
    const shown = placeholders.get(userId) ?? shownOf(userId, false, {});
    placeholders.set(userId, shown);
    if (placeholders.size > MOST_PLACEHOLDERS)
      placeholders.delete(placeholders.keys().next().value!);
    return shown;
  };
  holdings.add(own);
  return {
    get: (userId) => entries.get(userId)?.shown ?? placeholder(userId),
    getMe: () => own.shown as MyPresence,
    put(rows, asOf, changes) {
      for (const row of rows) {
        const { userId } = row;
        const entry = entries.get(userId) ?? createEntry(userId, false, placeholder(userId));
        entries.set(userId, entry);
        holdings.add(entry);
        put(entry, row, asOf, changes);
      }
    },
    putMe: (me, asOf, changes) => put(own, me.presence, asOf, changes, me),
    drop(userIds, changes) {
      for (const userId of userIds) {
        const entry = entries.get(userId);
        if (!entry) continue;
        entries.delete(userId);
        holdings.delete(entry);
        if (entry.known) changes.add(`user ${userId}`);
      }
    },
    confirmed: () => ({
      rows: [...entries.values()].filter(isConfirmed).map(({ row }) => row!),
      me: isConfirmed(own) ? own.me : undefined,
    }),
  };
};

// What is loaded once somebody watches everybody who is online, and with the second tab.
import type { Status } from '@presence/core';
import type { OnlineRow } from './facts.ts';
import { confirm, type Changes, type Held } from './held.ts';
import type { OnlineUsers } from './types.ts';
import { UNKNOWN_ONLINE } from './unknown.ts';

type OnlineUser = OnlineUsers['users'][number];

/** Somebody as last heard, changed in place: of the many who change, few are ever shown. */
interface Known extends OnlineRow {
  status: Status;
  version: number;
  /** Made when somebody asks for the list, and kept until the status changes. */
  shown: OnlineUser | null;
}

/** Everybody who is not offline. */
export interface Online extends Held {
  get(): OnlineUsers;
  /** @param complete whoever is absent is offline as of `asOf` */
  put(rows: readonly OnlineRow[], asOf: number, complete?: boolean): void;
  clear(): void;
  /** For a tab that joins. */
  rows(): OnlineRow[];
}

const isPresent = ({ status }: Known): boolean => status !== 'offline';

const build = (known: Iterable<Known>, synced: boolean): OnlineUsers => {
  const byStatus: Record<Status, number> = { ...UNKNOWN_ONLINE.byStatus };
  const users: OnlineUser[] = [];
  for (const each of known) {
    if (!isPresent(each)) continue;
    const { userId, status } = each;
    byStatus[status] += 1;
    users.push((each.shown ??= Object.freeze({ userId, status })));
  }
  users.sort((a, b) => (a.userId < b.userId ? -1 : 1));
  return Object.freeze({
    users: Object.freeze(users),
    byStatus: Object.freeze(byStatus),
    count: users.length,
    synced,
  });
};

export const createOnline = (changes: Changes): Online => {
  /** Whoever went offline stays with the version, so that an older row cannot bring them back; but not for ever. */
  const known = new Map<string, Known>();
  let present = 0;
  let shown: OnlineUsers | null = UNKNOWN_ONLINE;

  /** Whether that is a change. */
  const set = (each: Known, status: Status): boolean => {
    if (each.status === status) return false;
    present += Number(status !== 'offline') - Number(isPresent(each));
    each.status = status;
    each.shown = null;
    return true;
  };
  /** Of those who are known and not in `rows`: whoever was offline by then, or for long enough. */
  const forgetAbsent = (rows: readonly OnlineRow[], asOf: number, complete?: boolean): boolean => {
    // Not made for a change, of which there are many.
    if (!complete && known.size <= 2000 + 2 * present) return false;
    const listed = new Set(rows.map(({ userId }) => userId));
    let moved = false;
    for (const each of known.values()) {
      // A change younger than the list may have overtaken it.
      const gone = complete ? each.version <= asOf : !isPresent(each);
      if (!gone || listed.has(each.userId)) continue;
      known.delete(each.userId);
      moved = set(each, 'offline') || moved;
    }
    return moved;
  };
  const take = ({ userId, status, version }: OnlineRow, late: number): boolean => {
    let each = known.get(userId);
    if (!each) known.set(userId, (each = { userId, status: 'offline', version: -1, shown: null }));
    if (version < each.version + late) return false;
    each.version = version;
    return set(each, status);
  };
  const online: Online = {
    goodUntil: -Infinity,
    asOf: null,
    refresh() {
      shown = null;
      changes.add('online');
    },
    get: () => (shown ??= build(known.values(), online.goodUntil > -Infinity)),
    put(rows, asOf, complete) {
      let moved = forgetAbsent(rows, asOf, complete);
      // Where versions tell minutes or days, several changes have the same: the later list is the newer.
      const late = asOf < online.asOf! ? 1 : 0;
      online.asOf = Math.max(online.asOf!, asOf);
      for (const row of rows) moved = take(row, late) || moved;
      if (moved || (complete && online.goodUntil === -Infinity)) online.refresh();
      if (complete) confirm(online, asOf);
    },
    clear() {
      known.clear();
      present = 0;
      online.goodUntil = -Infinity;
      online.refresh();
    },
    rows: () =>
      [...known.values()]
        .filter(isPresent)
        .map(({ userId, status, version }) => ({ userId, status, version })),
  };
  return online;
};

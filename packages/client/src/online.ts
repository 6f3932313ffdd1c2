import type { CompactRow, Status } from '@presence/core';
import { confirm, isConfirmed, type Changes, type Held, type Holdings } from './held.ts';
import type { OnlineUsers } from './types.ts';

interface Member {
  readonly user: OnlineUsers['users'][number];
  version: number;
}

/** Everybody who is not offline, from compact rows. */
export interface Online {
  get(): OnlineUsers;
  /** A complete list: whoever is absent is offline as of `asOf`. */
  replace(rows: readonly CompactRow[], asOf: number, changes: Changes): void;
  change(rows: readonly CompactRow[], changes: Changes): void;
  clear(changes: Changes): void;
  /** All rows, if a live link confirms them. */
  confirmed(): CompactRow[] | undefined;
}

const build = (members: Iterable<Member>, synced: boolean): OnlineUsers => {
  const byStatus: Record<Status, number> = { online: 0, away: 0, busy: 0, dnd: 0, offline: 0 };
  const users: OnlineUsers['users'][number][] = [];
  for (const { user } of members) {
    if (user.status === 'offline') continue;
    byStatus[user.status] += 1;
    users.push(user);
  }
  users.sort((a, b) => (a.userId < b.userId ? -1 : 1));
  return Object.freeze({
    users: Object.freeze(users),
    byStatus: Object.freeze(byStatus),
    count: users.length,
    synced,
  });
};

/** Whoever went offline stays with the version, so that an older row cannot bring them back; but not for ever. */
const forgetOffline = (members: Map<string, Member>): void => {
  const offline = [...members.values()].filter(({ user }) => user.status === 'offline');
  if (offline.length < 1000 + members.size / 2) return;
  for (const { user } of offline) members.delete(user.userId);
};

export const createOnline = (holdings: Holdings): Online => {
  const members = new Map<string, Member>();
  let shown: OnlineUsers | null = null;
  const held: Held = {
    known: false,
    lostAt: Infinity,
    asOf: null,
    show(changes) {
      shown = null;
      changes.add('online');
    },
  };
  holdings.add(held);

  const put = (rows: readonly CompactRow[], changes: Changes): void => {
    for (const [userId, status, version] of rows) {
      const before = members.get(userId);
      if (before && version <= before.version) continue;
      if (before?.user.status === status) {
        before.version = version;
        continue;
      }
      members.set(userId, { user: Object.freeze({ userId, status }), version });
      if (before || status !== 'offline') held.show(changes);
    }
  };
  return {
    get: () => (shown ??= build(members.values(), held.known)),
    replace(rows, asOf, changes) {
      if (!held.known) held.show(changes);
      const listed = new Set(rows.map(([userId]) => userId));
      for (const [userId, { user, version }] of members) {
        // A change younger than the list may have overtaken it.
        if (listed.has(userId) || version > asOf) continue;
        members.delete(userId);
        if (user.status !== 'offline') held.show(changes);
      }
      put(rows, changes);
      confirm(held, asOf);
    },
    change(rows, changes) {
      put(rows, changes);
      if (members.size > 2000) forgetOffline(members);
    },
    clear(changes) {
      members.clear();
      held.known = false;
      held.show(changes);
    },
    confirmed: () =>
      isConfirmed(held)
        ? [...members.values()].map(({ user, version }) => [user.userId, user.status, version])
        : undefined,
  };
};

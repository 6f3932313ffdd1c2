import type { CompactRow, Status } from '@presence/core';
import { confirm, expire, lose, type Trust } from './trust.ts';
import type { OnlineUsers } from './types.ts';

interface Member {
  readonly user: OnlineUsers['users'][number];
  version: number;
}

/** Everybody who is not offline, from compact rows. Each writer returns whether the list changed. */
export interface Online extends Trust {
  get(): OnlineUsers;
  /** A complete list: whoever is absent is offline as of `asOf`. */
  replace(rows: readonly CompactRow[], asOf: number): boolean;
  change(rows: readonly CompactRow[]): boolean;
  clear(): boolean;
  lose(at: number): void;
  expire(lostBefore: number): boolean;
  rows(): CompactRow[];
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

export const createOnline = (): Online => {
  // Whoever went offline stays here with the version, so that an older row cannot bring them back.
  const members = new Map<string, Member>();
  let shown: OnlineUsers | null = null;

  const put = ([userId, status, version]: CompactRow): boolean => {
    const held = members.get(userId);
    if (held && version <= held.version) return false;
    if (held?.user.status === status) {
      held.version = version;
      return false;
    }
    members.set(userId, { user: Object.freeze({ userId, status }), version });
    return status !== 'offline' || held !== undefined;
  };
  const forgetOffline = (): void => {
    let offline = 0;
    for (const { user } of members.values()) if (user.status === 'offline') offline += 1;
    if (offline <= 1000 + members.size / 2) return;
    for (const [id, { user }] of members) if (user.status === 'offline') members.delete(id);
  };
  const changed = (is: boolean): boolean => {
    if (is) shown = null;
    return is;
  };

  const online: Online = {
    known: false,
    lostAt: null,
    get: () => (shown ??= build(members.values(), online.known)),
    replace(rows, asOf) {
      let is = !online.known;
      const listed = new Set(rows.map(([userId]) => userId));
      for (const [id, { user, version }] of members) {
        // A change younger than the list may have overtaken it.
        if (listed.has(id) || version > asOf) continue;
        members.delete(id);
        is ||= user.status !== 'offline';
      }
      for (const row of rows) is = put(row) || is;
      confirm(online);
      return changed(is);
    },
    change(rows) {
      let is = false;
      for (const row of rows) is = put(row) || is;
      forgetOffline();
      return changed(is);
    },
    clear() {
      const is = online.known || members.size > 0;
      members.clear();
      online.known = false;
      return changed(is);
    },
    lose: (at) => lose(online, at),
    expire: (lostBefore) => changed(expire(online, lostBefore)),
    rows: () =>
      [...members.values()].map(({ user, version }) => [user.userId, user.status, version]),
  };
  return online;
};

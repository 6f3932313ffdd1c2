// What is loaded once somebody watches everybody who is online, and with the second tab.
import type { Status } from '@presence/core';
import type { OnlineRow } from './facts.ts';
import { confirm, type Changes, type Held } from './held.ts';
import type { OnlineUsers } from './types.ts';
import { UNKNOWN_ONLINE } from './unknown.ts';

type OnlineUser = OnlineUsers['users'][number];

/** Everybody who is not offline. */
export interface Online extends Held {
  get(): OnlineUsers;
  /** @param complete whoever is absent is offline as of `asOf` */
  put(rows: readonly OnlineRow[], asOf: number, complete?: boolean): void;
  clear(): void;
  readonly users: ReadonlyMap<string, OnlineUser>;
  /** Whoever went offline stays with the version, so that an older row cannot bring them back; but not for ever. */
  readonly versions: ReadonlyMap<string, number>;
}

const build = (users: OnlineUser[], synced: boolean): OnlineUsers => {
  const byStatus: Record<Status, number> = { ...UNKNOWN_ONLINE.byStatus };
  for (const { status } of users) byStatus[status] += 1;
  users.sort((a, b) => (a.userId < b.userId ? -1 : 1));
  return Object.freeze({
    users: Object.freeze(users),
    byStatus: Object.freeze(byStatus),
    count: users.length,
    synced,
  });
};

export const createOnline = (changes: Changes): Online => {
  const users = new Map<string, OnlineUser>();
  const versions = new Map<string, number>();
  let shown: OnlineUsers | null = UNKNOWN_ONLINE;
  const set = (userId: string, status: Status): void => {
    if ((users.get(userId)?.status ?? 'offline') === status) return;
    if (status === 'offline') users.delete(userId);
    else users.set(userId, Object.freeze({ userId, status }));
    online.refresh();
  };
  const online: Online = {
    users,
    versions,
    goodUntil: -Infinity,
    asOf: null,
    refresh() {
      shown = null;
      changes.add('online');
    },
    get: () => (shown ??= build([...users.values()], online.goodUntil > -Infinity)),
    put(rows, asOf, complete) {
      const crowded = versions.size > 2000 + 2 * users.size;
      // Not made for a change, of which there are many.
      const listed = complete || crowded ? new Set(rows.map(({ userId }) => userId)) : null;
      for (const [userId, version] of listed ? versions : []) {
        // A change younger than the list may have overtaken it.
        const gone = complete ? version <= asOf : !users.has(userId);
        if (!gone || listed!.has(userId)) continue;
        versions.delete(userId);
        set(userId, 'offline');
      }
      // Where versions tell minutes or days, several changes have the same: the later list is the newer.
      const late = asOf < online.asOf! ? 1 : 0;
      online.asOf = Math.max(online.asOf!, asOf);
      for (const { userId, status, version } of rows) {
        if (version < (versions.get(userId) ?? -1) + late) continue;
        versions.set(userId, version);
        set(userId, status);
      }
      if (!complete) return;
      if (online.goodUntil === -Infinity) online.refresh();
      confirm(online, asOf);
    },
    clear() {
      users.clear();
      versions.clear();
      online.goodUntil = -Infinity;
      online.refresh();
    },
  };
  return online;
};

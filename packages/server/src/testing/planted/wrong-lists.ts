import { isSharedLease, STATUSES, type Status } from '@presence/core';
import type { PresenceStore } from '../../stores/store.ts';
import type { Subject } from '../suite/stage.ts';
import { wrongStore } from './wrong-store.ts';

const MOST = 10_000;

export const noOverdue: Subject = wrongStore((right) => ({
  find: async (query) => ({ ...(await right.find(query)), overdue: [] }),
  count: async (scope) => ({ ...(await right.count(scope)), overdue: [] }),
}));

export const overdueCountsSoloTwice: Subject = wrongStore((right) => ({
  count: async (scope) => {
    const answer = await right.count(scope);
    const { at, items } = await right.due(MOST, 0);
    const dead = items.filter(({ key, leases }) => {
      const ended = [...leases].filter(([id, expiresAt]) => isSharedLease(id) && expiresAt <= at);
      return key.tenant === scope.tenant && ended.length > 0;
    });
    return { ...answer, overdue: [...new Set([...answer.overdue, ...dead])] };
  },
}));

export const cursorByRank: Subject = wrongStore((right) => {
  const ranks = new Map<string, number>([['', 0]]);
  return {
    find: async (query) => {
      const all = await right.find({ ...query, after: '', limit: MOST });
      const rank = ranks.get(query.after) ?? 0;
      const everyone = [...all.items, ...all.overdue].sort((a, b) =>
        a.key.userId < b.key.userId ? -1 : 1,
      );
      const page = everyone.slice(rank, rank + query.limit);
      const end = page.at(-1)?.key.userId ?? query.after;
      ranks.set(end, rank + page.length);
      return {
        at: all.at,
        items: page.filter((item) => all.items.includes(item)),
        overdue: page.filter((item) => all.overdue.includes(item)),
        end,
        more: rank + page.length < everyone.length,
      };
    },
  };
});

export const countsConnections: Subject = wrongStore((right) => ({
  count: async (scope) => {
    const byStatus = Object.fromEntries(STATUSES.map((status) => [status, 0]));
    for (const status of STATUSES) {
      const query = { ...scope, status: [status], after: '', limit: MOST };
      for (const { record } of (await right.find(query)).items) {
        byStatus[status] = (byStatus[status] ?? 0) + Math.max(1, record?.sessions.length ?? 0);
      }
    }
    const answer = await right.count(scope);
    return { ...answer, byStatus: byStatus as Record<Status, number> };
  },
}));

export const listsOfAllTenants: Subject = wrongStore((right) => ({
  count: async (scope) => {
    const answer = await right.count(scope);
    const other = await right.count({ ...scope, tenant: 'other' });
    if (scope.tenant === 'other') return answer;
    const sums = STATUSES.map((status) => [
      status,
      answer.byStatus[status] + other.byStatus[status],
    ]);
    return { ...answer, byStatus: Object.fromEntries(sums) as Record<Status, number> };
  },
}));

/** Judges the index when something was committed, and not when it is asked. */
export const deadNodesStayOnline: Subject = wrongStore((right) => {
  const find: PresenceStore['find'] = async (query) => {
    const answer = await right.find({ ...query, status: STATUSES });
    const items = answer.items.filter(({ record }) => {
      const status = record?.public.status ?? 'offline';
      return query.status.includes(record?.sessions.length ? status : 'online');
    });
    return { ...answer, items };
  };
  return { find };
});

export const spreadIgnored: Subject = wrongStore((right) => ({
  due: (limit) => right.due(limit, 0),
}));

import type { Loaded, Status } from '@presence/core';
import { OVERDUE_LIMIT, type CountAnswer, type FindAnswer, type FindQuery } from '../store.ts';
import type { RedisStore } from './create-store.ts';
import { earliest, oldest } from './instants.ts';
import { createLoad } from './load.ts';
import { MOST, type Parts } from './parts.ts';
import { loadedAt, loadedFrom } from './replies.ts';
import type { Reply } from './scripts.ts';
import { decodeId, encodeId } from '../shared/ids.ts';
import { encodeStatus } from './text.ts';

interface Found {
  readonly userId: string;
  readonly isOverdue: boolean;
  readonly loaded: Loaded;
}

const foundIn = (reply: Reply, tenant: string): Found[] => {
  const found: Found[] = [];
  for (let place = 5; place < reply.length; place += 3) {
    const marked = reply[place] as string;
    const userId = decodeId(marked.slice(1));
    const loaded = loadedAt(reply, place + 1, { tenant, userId });
    if (loaded.record) found.push({ userId, isOverdue: marked.startsWith('1'), loaded });
  }
  return found;
};

const byUser = (a: Found, b: Found): number => (a.userId < b.userId ? -1 : 1);

/** Pages of several partitions as one: up to where every partition has told everybody. */
const merged = (replies: readonly Reply[], { tenant, limit, after }: FindQuery): FindAnswer => {
  const pages = replies.map((reply) => ({ reply, found: foundIn(reply, tenant) }));
  const ends = pages.flatMap(({ reply, found }) =>
    reply[3] === 1 ? [found.at(-1)?.userId ?? after] : [],
  );
  const end = ends.length === 0 ? undefined : ends.reduce((a, b) => (a < b ? a : b));
  const all = pages.flatMap(({ found }) => found).sort(byUser);
  const told = all.filter(({ userId }) => end === undefined || userId <= end).slice(0, limit);
  return {
    at: earliest(replies),
    items: told.filter(({ isOverdue }) => !isOverdue).map(({ loaded }) => loaded),
    overdue: told.filter(({ isOverdue }) => isOverdue).map(({ loaded }) => loaded),
    end: told.at(-1)?.userId ?? end ?? after,
    more: end !== undefined || told.length < all.length,
    ...(replies.some((reply) => reply[4] === 1) && { crowded: true }),
    ...oldest(replies),
  };
};

const COUNTED: readonly Status[] = ['online', 'away', 'busy', 'dnd', 'offline'];

const counted = (replies: readonly Reply[]): CountAnswer => {
  const byStatus: Record<Status, number> = { online: 0, away: 0, busy: 0, dnd: 0, offline: 0 };
  const overdue: Loaded[] = [];
  for (const reply of replies) {
    COUNTED.forEach((status, index) => {
      byStatus[status] += reply[4 + index] as number;
    });
    overdue.push(...loadedFrom(reply, 9));
  }
  return {
    at: earliest(replies),
    byStatus,
    overdue: overdue.slice(0, OVERDUE_LIMIT),
    more: overdue.length > OVERDUE_LIMIT || replies.some((reply) => reply[3] === 1),
    ...oldest(replies),
  };
};

/** The verbs that look and change nothing. */
export const createReads = (
  parts: Parts,
): Pick<RedisStore, 'load' | 'find' | 'count' | 'nodes'> => {
  const { partitions, epochs } = parts;
  const inTenant = (tenant: string, name: 'find' | 'count', args: readonly (string | number)[]) =>
    Promise.all(partitions.ofTenant(tenant).map((partition) => epochs.run(name, partition, args)));

  return {
    load: createLoad(parts),
    find: async (given) => {
      // A shorter page than was asked for, with more behind it: the engine asks on.
      const query = { ...given, limit: Math.min(given.limit, MOST.find) };
      const { tenant, scope, status, after, limit } = query;
      const digits = status.map(encodeStatus).join('');
      const args = [encodeId(tenant), encodeId(scope), digits, encodeId(after), limit];
      return merged(await inTenant(tenant, 'find', args), query);
    },
    count: async ({ tenant, scope }) =>
      counted(await inTenant(tenant, 'count', [encodeId(tenant), encodeId(scope)])),
    nodes: async () => {
      const all = Array.from({ length: partitions.count }, (_, each) =>
        epochs.run('nodes', each, []),
      );
      // A lease has copies in the partitions that hang on it.
      return new Set((await Promise.all(all)).flatMap((reply) => reply.slice(2))).size;
    },
  };
};

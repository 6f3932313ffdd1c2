import {
  explain,
  project,
  roomScope,
  STATUSES,
  TENANT_SCOPE,
  winningClaim,
  withPrecision,
  type Key,
  type Status,
} from '@presence/core';
import { LIMITS } from '@presence/core/protocol';
import type { Engine, Reading } from '../engine/types.ts';
import type { Feed } from '../feed.ts';
import { meOf } from '../me.ts';
import type { TenantPresence } from '../types.ts';
import { watchUsers } from './watch-users.ts';

/** Everybody who is there: what lists show unless asked otherwise. */
export const PRESENT: readonly Status[] = STATUSES.filter((status) => status !== 'offline');

type Reads = Pick<
  TenantPresence,
  'get' | 'getMany' | 'me' | 'anyOnline' | 'list' | 'count' | 'explain' | 'watch' | 'shouldNotify'
>;

interface Parts {
  readonly tenant: string;
  readonly engine: Engine;
  readonly feed: Feed;
  keyOf(userId: string): Key;
}

const DEFAULT_PAGE = 100;

/** Who is absent may still have asked not to be disturbed. */
const isToNotify = ({ at, record }: Reading): boolean => {
  const status = record?.own.status ?? 'offline';
  const isAbsent = status === 'offline' || status === 'away';
  return isAbsent && winningClaim(record?.claims ?? [], at)?.status !== 'dnd';
};

const isOnline = ({ record }: Reading): boolean =>
  (record?.public.status ?? 'offline') !== 'offline';

const scopeOf = (room: string | undefined): string =>
  room === undefined ? TENANT_SCOPE : roomScope(room);

const lists = ({ tenant, engine }: Parts): Pick<Reads, 'list' | 'count'> => ({
  list: async (options = {}) => {
    const page = await engine.find({
      tenant,
      scope: scopeOf(options.room),
      status: options.status ?? PRESENT,
      after: options.cursor ?? '',
      limit: Math.min(options.limit ?? DEFAULT_PAGE, LIMITS.pageSize),
    });
    return {
      presences: page.items.map(({ key, record }) =>
        project(key.userId, record, 'public', engine.policyOf(tenant).lastSeenPrecision),
      ),
      asOf: page.at,
      ...(page.end !== null && { nextCursor: page.end }),
    };
  },
  count: async ({ room } = {}) => {
    const { at, byStatus } = await engine.count({ tenant, scope: scopeOf(room) });
    const count = PRESENT.reduce((sum, status) => sum + byStatus[status], 0);
    return { count, byStatus, asOf: at };
  },
});

/** What can be asked of a tenant. */
export const createReads = (parts: Parts): Reads => {
  const { tenant, engine, feed, keyOf } = parts;
  const { lastSeenPrecision } = engine.policyOf(tenant);
  const read = (userId: string): Promise<Reading> => engine.read(keyOf(userId));
  const readMany = (userIds: readonly string[]): Promise<readonly Reading[]> =>
    engine.readMany(userIds.map(keyOf));

  return {
    get: async (userId, { view = 'public' } = {}) =>
      project(userId, (await read(userId)).record, view, lastSeenPrecision),
    getMany: async (userIds, { view = 'public' } = {}) =>
      (await readMany(userIds)).map(({ key, record }) =>
        project(key.userId, record, view, lastSeenPrecision),
      ),
    me: async (userId) => meOf(userId, (await read(userId)).record),
    anyOnline: async (userIds) => (await readMany(userIds)).some(isOnline),
    ...lists(parts),
    explain: async (userId) => {
      const { at, record, leases } = await read(userId);
      return explain(userId, record, leases, at, engine.policyOf(tenant));
    },
    watch: (userIds, listener) =>
      watchUsers({
        tenant,
        userIds: [...userIds],
        listener: (presence) => listener(withPrecision(presence, lastSeenPrecision)),
        readMany,
        feed,
      }),
    shouldNotify: async (userIds) => (await readMany(userIds)).map(isToNotify),
  };
};

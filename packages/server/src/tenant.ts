import {
  explain,
  PresenceError,
  project,
  STATUSES,
  TENANT_SCOPE,
  winningClaim,
  type Command,
  type Key,
  type Presence as UserPresence,
  type Status,
} from '@presence/core';
import { idSchema, LIMITS } from '@presence/core/protocol';
import type { Engine, Reading } from './engine/types.ts';
import type { Feed } from './feed.ts';
import { meOf } from './me.ts';
import type { TenantPresence } from './types.ts';
import { watchUsers } from './watch-users.ts';

/** Everybody who is there: what lists show unless asked otherwise. */
export const PRESENT: readonly Status[] = STATUSES.filter((status) => status !== 'offline');

const checkId = (what: string, id: unknown): void => {
  if (!idSchema.safeParse(id).success) {
    throw new PresenceError(
      'invalid_request',
      `[presence/server] ${what} must be a text of 1 to ${LIMITS.idLength} characters without control characters: saw ${JSON.stringify(id)?.slice(0, 80)}.`,
    );
  }
};

/** The methods of one tenant over the engine; the same for requests, sockets and the application. */
export const createTenant = (tenant: string, engine: Engine, feed: Feed): TenantPresence => {
  checkId('tenant', tenant);

  const keyOf = (userId: string): Key => {
    checkId('userId', userId);
    return { tenant, userId };
  };

  const read = (userId: string): Promise<Reading> => engine.read(keyOf(userId));
  const run = (userId: string, command: Command) => engine.execute(keyOf(userId), command);

  const after = async (userId: string, command: Command): Promise<UserPresence> =>
    project(userId, (await run(userId, command)).record, 'public');

  const readMany = (userIds: readonly string[]): Promise<readonly Reading[]> =>
    engine.readMany(userIds.map(keyOf));

  const statusOf = ({ record }: Reading): Status => record?.public.status ?? 'offline';

  return {
    get: async (userId, options) =>
      project(userId, (await read(userId)).record, options?.view ?? 'public'),
    getMany: async (userIds, options) =>
      (await readMany(userIds)).map(({ key, record }) =>
        project(key.userId, record, options?.view ?? 'public'),
      ),
    me: async (userId) => meOf(userId, (await read(userId)).record),
    anyOnline: async (userIds) =>
      (await readMany(userIds)).some((reading) => statusOf(reading) !== 'offline'),
    list: async (options = {}) => {
      const page = await engine.find({
        tenant,
        scope: TENANT_SCOPE,
        status: options.status ?? PRESENT,
        after: options.cursor ?? '',
        limit: Math.min(options.limit ?? 100, LIMITS.pageSize),
      });
      return {
        presences: page.items.map(({ key, record }) => project(key.userId, record, 'public')),
        asOf: page.at,
        ...(page.end !== null && { nextCursor: page.end }),
      };
    },
    count: async () => {
      const { at, byStatus } = await engine.count({ tenant, scope: TENANT_SCOPE });
      const count = PRESENT.reduce((sum, status) => sum + byStatus[status], 0);
      return { count, byStatus, asOf: at };
    },
    explain: async (userId) => {
      const { at, record, leases } = await read(userId);
      return explain(userId, record, leases, at, engine.policyOf(tenant));
    },
    watch: (userIds, listener) =>
      watchUsers({ tenant, userIds: [...userIds], listener, readMany, feed }),
    signIn: async (userId) => void (await run(userId, { type: 'touch' })),
    signOut: async (userId, options) =>
      void (await run(userId, { type: 'sign-out', sessionId: options?.sessionId })),
    touch: async ({ userId, issuedAt }) => void (await run(userId, { type: 'touch', issuedAt })),
    claim: (userId, status, { source = 'user', ...options } = {}) =>
      after(userId, { type: 'claim', source, status, ...options }),
    release: (userId, options) =>
      after(userId, { type: 'release', source: options?.source ?? 'user' }),
    setVisibility: async (userId, visibility) =>
      void (await run(userId, { type: 'visibility', visibility })),
    setAccount: async (userId, account) => void (await run(userId, { type: 'account', account })),
    forget: async (userId) => void (await run(userId, { type: 'forget' })),
    shouldNotify: async (userIds) =>
      (await readMany(userIds)).map(({ at, record }) => {
        const status = record?.own.status ?? 'offline';
        const isAbsent = status === 'offline' || status === 'away';
        // Who is absent may still have asked not to be disturbed.
        return isAbsent && winningClaim(record?.claims ?? [], at)?.status !== 'dnd';
      }),
  };
};

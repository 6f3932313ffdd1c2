import { explain } from '@presence/core';
import {
  adminOnlineQuerySchema,
  adminUsersQuerySchema,
  type AdminUserAnswer,
  type StatsAnswer,
} from '@presence/core/protocol';
import { json } from '../../http/answers.ts';
import { noParams, noQuery, userIdParam } from '../../http/query.ts';
import type { SignedInCall } from '../../http/route.ts';
import { accountSaid } from '../../security/account-source.ts';
import { PRESENT } from '../../tenant/reads.ts';
import { adminRoute } from '../admin-route.ts';
import { tagged } from '../if-match.ts';
import { listUsers, type UsersQuery } from '../list-users.ts';
import { adminUsers, checkKnown } from '../rows.ts';
import { countTrue } from '../true-lists.ts';

const common = { method: 'GET', body: null, standing: 'beside' } as const;

const list = { ...common, standing: 'late' } as const;

const users = adminRoute({
  ...list,
  path: '/admin/users',
  action: 'admin:users:read',
  query: adminUsersQuerySchema,
  params: noParams,
  run: async (call: SignedInCall<null, UsersQuery, unknown>) => json(await listUsers(call)),
});

/** Everybody who is truly there, hidden or not. */
const online = adminRoute({
  ...list,
  path: '/admin/users/online',
  action: 'admin:users:read',
  query: adminOnlineQuerySchema,
  params: noParams,
  run: async (call: SignedInCall<null, UsersQuery, unknown>) =>
    json(await listUsers(call, PRESENT)),
});

const user = adminRoute({
  ...common,
  path: '/admin/users/:userId',
  action: 'admin:users:read',
  query: noQuery,
  params: userIdParam,
  run: async (call: SignedInCall<null, unknown, { readonly userId: string }>) => {
    const { node, key, params, policy } = call;
    const { tenant } = key;
    const { userId } = params;
    const reading = await node.engine.read({ tenant, userId });
    await checkKnown(node, reading);
    const [[shown], said] = await Promise.all([
      adminUsers(node, tenant, [reading]),
      accountSaid(node, reading.key),
    ]);
    const { at, record, leases } = reading;
    const answer: AdminUserAnswer = {
      user: shown as NonNullable<typeof shown>,
      explanation: explain(userId, record, leases, at, policy),
      ...(said !== undefined && { accountFromSource: said }),
    };
    return tagged(json(answer), answer.user.revision);
  },
});

const stats = adminRoute({
  ...common,
  path: '/admin/stats',
  action: 'admin:stats:read',
  query: noQuery,
  params: noParams,
  run: async ({ node, key }: SignedInCall<null, unknown, unknown>) => {
    const { at, byStatus, hidden } = await countTrue(node.engine, key.tenant);
    const { connections, sessions, leaving, stalledMs } = node.stats();
    const answer: StatsAnswer = {
      count: PRESENT.reduce((sum, status) => sum + byStatus[status], 0),
      byStatus,
      hidden,
      asOf: at,
      durability: node.options.store.durability,
      node: { connections, sessions, leaving, stalledMs, isDraining: node.isDraining() },
    };
    return json(answer);
  },
});

export const adminReads = [users, online, user, stats];

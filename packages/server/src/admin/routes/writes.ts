import type { Command } from '@presence/core';
import {
  accountSchema,
  adminStatusSchema,
  disconnectSchema,
  LIMITS,
  reapSchema,
  type AccountChange,
  type AdminStatusChange,
  type AdminWriteAnswer,
  type DisconnectRequest,
  type ReapAnswer,
} from '@presence/core/protocol';
import { json } from '../../http/answers.ts';
import { noParams, noQuery, userIdParam } from '../../http/query.ts';
import type { SignedInCall } from '../../http/route.ts';
import type { HttpAnswer } from '../../http/types.ts';
import { checkAgreed } from '../../security/account-source.ts';
import { adminRoute } from '../admin-route.ts';
import { ifRevision, tagged } from '../if-match.ts';
import { adminUsers, checkKnown } from '../rows.ts';
import type { AdminAction } from '../types.ts';

type Call<Body> = SignedInCall<Body, unknown, { readonly userId: string }>;

const common = { query: noQuery, params: userIdParam, standing: 'before' } as const;

const bodyOf = <Schema>(schema: Schema) => ({
  schema,
  maxBytes: LIMITS.bodyBytes,
  acceptsText: false,
});

/** Executes a command on the user of the path; answers, and tells the audit, once it is stored. */
const write = async (
  call: Call<unknown>,
  action: AdminAction,
  command: Command,
): Promise<HttpAnswer> => {
  const { node, key, principal, params, body } = call;
  const target = { tenant: key.tenant, userId: params.userId };
  const wanted = ifRevision(call.request.header('if-match'));
  if (node.options.sources.directory) await checkKnown(node, await node.engine.read(target));
  const executed = await node.engine.execute(target, { ...command, ifRevision: wanted } as Command);
  const { tenant, userId } = principal;
  node.audit({ at: executed.at, actor: { tenant, userId }, action, target, details: body });
  const [user] = await adminUsers(node, key.tenant, [executed]);
  const answer: AdminWriteAnswer = {
    user: user as NonNullable<typeof user>,
    durability: node.options.store.durability,
  };
  return tagged(json(answer), answer.user.revision);
};

const putStatus = adminRoute({
  ...common,
  method: 'PUT',
  path: '/admin/users/:userId/status',
  action: 'admin:status:write',
  body: bodyOf(adminStatusSchema),
  run: (call: Call<AdminStatusChange>) =>
    write(call, 'admin:status:write', { type: 'claim', source: 'admin', ...call.body }),
});

const deleteStatus = adminRoute({
  ...common,
  method: 'DELETE',
  path: '/admin/users/:userId/status',
  action: 'admin:status:write',
  body: null,
  run: (call: Call<null>) =>
    write(call, 'admin:status:write', { type: 'release', source: 'admin' }),
});

const putAccount = adminRoute({
  ...common,
  method: 'PUT',
  path: '/admin/users/:userId/account',
  action: 'admin:account:write',
  body: bodyOf(accountSchema),
  run: async (call: Call<AccountChange>) => {
    const { node, key, params, body } = call;
    const target = { tenant: key.tenant, userId: params.userId };
    await checkAgreed(node, target, body.account);
    return write(call, 'admin:account:write', { type: 'account', ...body });
  },
});

const disconnect = adminRoute({
  ...common,
  method: 'POST',
  path: '/admin/users/:userId/disconnect',
  action: 'admin:sessions:write',
  body: bodyOf(disconnectSchema),
  run: (call: Call<DisconnectRequest>) =>
    write(call, 'admin:sessions:write', { type: 'sign-out', ...call.body }),
});

const reap = adminRoute({
  method: 'POST',
  path: '/admin/reap',
  action: 'admin:reap',
  standing: 'before',
  query: noQuery,
  params: noParams,
  body: bodyOf(reapSchema),
  run: async ({ node, principal, own }: SignedInCall<unknown, unknown, unknown>) => {
    const reaped = await node.reap();
    const { tenant, userId } = principal;
    const { at } = await own();
    node.audit({ at, actor: { tenant, userId }, action: 'admin:reap', details: { reaped } });
    const answer: ReapAnswer = { reaped };
    return json(answer);
  },
});

export const adminWrites = [putStatus, deleteStatus, putAccount, disconnect, reap];

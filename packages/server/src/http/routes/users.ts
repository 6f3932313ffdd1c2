import { PresenceError, project, staleAfterMs, type Instant } from '@presence/core';
import { LIMITS, usersQuerySchema, type UsersAnswer } from '@presence/core/protocol';
import { json } from '../answers.ts';
import { noParams, noQuery, userIdParam } from '../query.ts';
import { signedInRoute, type SignedInCall } from '../route.ts';

type Call<Body, Params = unknown> = SignedInCall<Body, unknown, Params>;

const mayRead = async ({ node, principal }: Call<unknown>, userId: string): Promise<boolean> => {
  const { tenant } = principal;
  return (await node.options.authorize(principal, 'users:read', { tenant, userId })) === true;
};

const showUser = signedInRoute({
  method: 'GET',
  path: '/users/:userId',
  login: 'required',
  standing: 'read',
  limit: 'queries',
  body: null,
  query: noQuery,
  params: userIdParam,
  run: async (call: Call<null, { readonly userId: string }>) => {
    const { node, key, params, policy } = call;
    const { userId } = params;
    const [isAllowed, { record }] = await Promise.all([
      mayRead(call, userId),
      node.engine.read({ tenant: key.tenant, userId }),
    ]);
    if (!isAllowed) throw new PresenceError('not_found', 'There is no such user.');
    return json(project(userId, record, 'public', policy.lastSeenPrecision));
  },
});

/** Who may not be seen is not in the answer. */
const queryUsers = signedInRoute({
  method: 'POST',
  path: '/users/query',
  login: 'required',
  standing: 'read',
  limit: 'queries',
  body: { schema: usersQuerySchema, maxBytes: LIMITS.queryBytes, acceptsText: false },
  query: noQuery,
  params: noParams,
  run: async (call: Call<{ readonly userIds: readonly string[] }>) => {
    const { node, key, policy, body, own } = call;
    const asked = [...new Set(body.userIds)];
    const [allowed, readings, { at }] = await Promise.all([
      Promise.all(asked.map((userId) => mayRead(call, userId))),
      node.engine.readMany(asked.map((userId) => ({ tenant: key.tenant, userId }))),
      own(),
    ]);
    const asOf: Instant = readings.reduce((least, reading) => Math.min(least, reading.at), at);
    const answer: UsersAnswer = {
      presences: readings
        .filter((_, index) => allowed[index])
        .map((reading) =>
          project(reading.key.userId, reading.record, 'public', policy.lastSeenPrecision),
        ),
      asOf,
      staleAfterMs: staleAfterMs(policy),
    };
    return json(answer);
  },
});

export const users = [showUser, queryUsers];

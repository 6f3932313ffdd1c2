import { PresenceError, project, TENANT_SCOPE } from '@presence/core';
import {
  countQuerySchema,
  onlineQuerySchema,
  type CountAnswer,
  type OnlineAnswer,
} from '@presence/core/protocol';
import { json } from '../answers.ts';
import { noParams } from '../query.ts';
import { PRESENT } from '../../tenant/reads.ts';
import { signedInRoute, type SignedInCall } from '../route.ts';

interface OnlineQuery {
  readonly limit?: number | undefined;
  readonly cursor?: string | undefined;
}

type Call<Query> = SignedInCall<null, Query, unknown>;

const DEFAULT_PAGE = 100;

const common = {
  method: 'GET',
  login: 'required',
  standing: 'read',
  limit: 'queries',
  body: null,
  params: noParams,
} as const;

/** Whether this list may be seen at all; who may not see it learns nothing, not that it is there. */
const checkMayList = async ({ node, principal }: Call<unknown>): Promise<void> => {
  const { tenant } = principal;
  if ((await node.options.authorize(principal, 'online:read', { tenant })) === true) return;
  throw new PresenceError('not_found', 'There is no such list.');
};

const listOnline = signedInRoute({
  ...common,
  path: '/online',
  query: onlineQuerySchema,
  run: async (call: Call<OnlineQuery>) => {
    const { node, cursors, query } = call;
    const { tenant } = call.key;
    await checkMayList(call);
    const list = { tenant, list: 'online' };
    const page = await node.engine.find({
      tenant,
      scope: TENANT_SCOPE,
      status: PRESENT,
      after: query.cursor === undefined ? '' : cursors.open(list, query.cursor),
      limit: query.limit ?? DEFAULT_PAGE,
    });
    const answer: OnlineAnswer = {
      presences: page.items.map(({ key, record }) =>
        project(key.userId, record, 'public', call.policy.lastSeenPrecision),
      ),
      asOf: page.at,
      ...(page.end !== null && { nextCursor: cursors.issue(list, page.end) }),
    };
    return json(answer);
  },
});

const countOnline = signedInRoute({
  ...common,
  path: '/online/count',
  query: countQuerySchema,
  run: async (call: Call<unknown>) => {
    await checkMayList(call);
    const { tenant } = call.key;
    const { at, byStatus } = await call.node.engine.count({ tenant, scope: TENANT_SCOPE });
    const count = PRESENT.reduce((sum, status) => sum + byStatus[status], 0);
    const answer: CountAnswer = { count, byStatus, asOf: at };
    return json(answer);
  },
});

export const online = [listOnline, countOnline];

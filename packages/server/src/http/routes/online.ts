import { PresenceError, project, roomScope, TENANT_SCOPE } from '@presence/core';
import {
  onlineCountQuerySchema,
  onlineQuerySchema,
  type CountAnswer,
  type OnlineAnswer,
} from '@presence/core/protocol';
import type { Engine } from '../../engine/types.ts';
import { checkRoom } from '../../rooms/access.ts';
import { json } from '../answers.ts';
import { noParams } from '../query.ts';
import { PRESENT } from '../../tenant/reads.ts';
import { signedInRoute, type SignedInCall } from '../route.ts';

interface InList {
  /** The list of a room; absent: of the tenant. */
  readonly room?: string | undefined;
}

interface OnlineQuery extends InList {
  readonly limit?: number | undefined;
  readonly cursor?: string | undefined;
}

type Call<Query> = SignedInCall<null, Query, unknown>;

export const DEFAULT_PAGE = 100;

const common = {
  method: 'GET',
  login: 'required',
  standing: 'read',
  limit: 'queries',
  body: null,
  params: noParams,
} as const;

/** Whether this list may be seen at all; who may not see it learns nothing, not that it is there. */
const checkMayList = async ({ node, principal, query: { room } }: Call<InList>): Promise<void> => {
  const { tenant } = principal;
  if (room !== undefined) return checkRoom(node.options, principal, 'room:read', room);
  if ((await node.options.authorize(principal, 'online:read', { tenant })) === true) return;
  throw new PresenceError('not_found', 'There is no such list.');
};

const scopeOf = ({ room }: InList): string => (room === undefined ? TENANT_SCOPE : roomScope(room));

/** How many of a list are not offline, and how they are. */
export const presentIn = async (
  engine: Pick<Engine, 'count'>,
  list: Parameters<Engine['count']>[0],
): Promise<CountAnswer> => {
  const { at, byStatus } = await engine.count(list);
  const count = PRESENT.reduce((sum, status) => sum + byStatus[status], 0);
  return { count, byStatus, asOf: at };
};

const listOnline = signedInRoute({
  ...common,
  path: '/online',
  query: onlineQuerySchema,
  run: async (call: Call<OnlineQuery>) => {
    const { node, cursors, query } = call;
    const { tenant } = call.key;
    await checkMayList(call);
    const list = { tenant, list: query.room === undefined ? 'online' : `online ${query.room}` };
    const page = await node.engine.find({
      tenant,
      scope: scopeOf(query),
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
  query: onlineCountQuerySchema,
  run: async (call: Call<InList>) => {
    await checkMayList(call);
    const { tenant } = call.key;
    return json(await presentIn(call.node.engine, { tenant, scope: scopeOf(call.query) }));
  },
});

export const online = [listOnline, countOnline];

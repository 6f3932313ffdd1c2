import {
  exportQuerySchema,
  historyQuerySchema,
  insightsQuerySchema,
  LIMITS,
  type EraseHistoryAnswer,
  type HistoryAnswer,
  type InsightsAnswer,
  type PeaksAnswer,
} from '@presence/core/protocol';
import { json, plain } from '../../http/answers.ts';
import { noParams, noQuery, userIdParam } from '../../http/query.ts';
import type { Route, SignedInCall } from '../../http/route.ts';
import type { HttpAnswer } from '../../http/types.ts';
import type { StepsQuery } from '../../history/history.ts';
import { eraseHistory } from '../../history/erase.ts';
import { readInsights, readPeaks } from '../../history/insights.ts';
import type { NodeHistory } from '../../history/node-history.ts';
import { tellPage } from '../../history/pages.ts';
import type { InsightsOptions } from '../../history/types.ts';
import { adminRoute } from '../admin-route.ts';
import type { AdminAction } from '../types.ts';

interface RangeQuery {
  readonly from?: number | undefined;
  readonly until?: number | undefined;
  readonly limit?: number | undefined;
  readonly cursor?: string | undefined;
}

type Params = { readonly userId: string };
type Call<Query, P = Params> = SignedInCall<null, Query, P>;

const DEFAULT_PAGE = 100;

/** Whoever reads of somebody is told to the audit. */
const read = {
  method: 'GET',
  body: null,
  action: 'admin:history:read',
  standing: 'before',
} as const;

/** These routes are mounted with a history only. */
const historyOf = ({ node }: Call<unknown, unknown>): NodeHistory => node.history as NodeHistory;

const keyOf = ({ key, params }: Call<unknown>) => ({ tenant: key.tenant, userId: params.userId });

/** Tells who looked at what of whom, or erased it. */
const audit = async (
  call: Call<unknown, unknown>,
  action: AdminAction,
  details: unknown = call.query,
): Promise<void> => {
  const { node, key, principal, params, own } = call;
  const { userId } = params as Partial<Params>;
  node.audit({
    at: (await own()).at,
    actor: { tenant: principal.tenant, userId: principal.userId },
    action,
    ...(userId !== undefined && { target: { tenant: key.tenant, userId } }),
    details,
  });
};

/** A page, with the cursor of the next one. */
const pageOf = async (
  call: Call<RangeQuery>,
  { order, limit }: Pick<StepsQuery, 'order' | 'limit'>,
) => {
  const { cursors, query } = call;
  const { from = 0, until = Number.MAX_SAFE_INTEGER, cursor } = query;
  const key = keyOf(call);
  const list = {
    tenant: key.tenant,
    list: JSON.stringify(['history', key.userId, order, from, until]),
  };
  const after = cursor === undefined ? null : Number(cursors.open(list, cursor));
  const page = await tellPage(historyOf(call).keep, { key, from, until, order, after, limit });
  await audit(call, 'admin:history:read');
  return {
    steps: page.steps,
    ...(page.next !== null && { nextCursor: cursors.issue(list, String(page.next)) }),
  } satisfies HistoryAnswer;
};

const history = adminRoute({
  ...read,
  path: '/admin/users/:userId/history',
  query: historyQuerySchema,
  params: userIdParam,
  run: async (call: Call<RangeQuery>) => {
    const { limit = DEFAULT_PAGE } = call.query;
    const answer: HistoryAnswer = await pageOf(call, { order: 'newest', limit });
    return json(answer);
  },
});

/** Where the next page of an export is, as a link beside this one. */
const nextLink = ({ query }: Call<RangeQuery>, nextCursor: string): string => {
  const { from, until } = query;
  const given = new URLSearchParams();
  if (from !== undefined) given.set('from', String(from));
  if (until !== undefined) given.set('until', String(until));
  given.set('cursor', nextCursor);
  return `<?${given.toString()}>; rel="next"`;
};

const exported = adminRoute({
  ...read,
  path: '/admin/users/:userId/history/export',
  query: exportQuerySchema,
  params: userIdParam,
  run: async (call: Call<RangeQuery>): Promise<HttpAnswer> => {
    const page = await pageOf(call, { order: 'oldest', limit: LIMITS.exportSize });
    const { nextCursor } = page as HistoryAnswer;
    const lines = page.steps.map((step) => `${JSON.stringify(step)}\n`).join('');
    const answer = plain(lines, 'application/x-ndjson; charset=utf-8');
    if (nextCursor === undefined) return answer;
    return { ...answer, headers: { ...answer.headers, link: nextLink(call, nextCursor) } };
  },
});

const erase = adminRoute({
  method: 'DELETE',
  body: null,
  action: 'admin:history:erase',
  standing: 'before',
  path: '/admin/users/:userId/history',
  query: noQuery,
  params: userIdParam,
  run: async (call: Call<unknown>) => {
    const { engine } = call.node;
    const answer: EraseHistoryAnswer = await eraseHistory(
      { engine, history: historyOf(call) },
      keyOf(call),
    );
    await audit(call, 'admin:history:erase', answer);
    return json(answer);
  },
});

/** Absent is absent, and not `undefined`. */
const asked = ({ timeZone, days }: Given): InsightsOptions => ({
  ...(timeZone !== undefined && { timeZone }),
  ...(days !== undefined && { days }),
});

interface Given {
  readonly timeZone?: string | undefined;
  readonly days?: number | undefined;
}

const insights = adminRoute({
  ...read,
  path: '/admin/users/:userId/insights',
  query: insightsQuerySchema,
  params: userIdParam,
  run: async (call: Call<Given>) => {
    const { engine } = call.node;
    const { keep } = historyOf(call);
    const answer: InsightsAnswer = await readInsights(
      { engine, keep },
      keyOf(call),
      asked(call.query),
    );
    await audit(call, 'admin:history:read');
    return json(answer);
  },
});

const peaks = adminRoute({
  ...read,
  path: '/admin/insights',
  query: insightsQuerySchema,
  params: noParams,
  run: async (call: Call<Given, unknown>) => {
    const { engine } = call.node;
    const { keep } = historyOf(call);
    const answer: PeaksAnswer = await readPeaks(
      { engine, keep },
      call.key.tenant,
      asked(call.query),
    );
    await audit(call, 'admin:history:read');
    return json(answer);
  },
});

/** What `history` mounts beside {@link ADMIN_ROUTES}. */
export const HISTORY_ROUTES: readonly Route[] = [history, exported, erase, insights, peaks];

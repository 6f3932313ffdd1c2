import type { AdminConfigAnswer } from '@presence/core/protocol';
import { json } from '../../http/answers.ts';
import { noParams, noQuery } from '../../http/query.ts';
import type { SignedInCall } from '../../http/route.ts';
import { adminRoute } from '../admin-route.ts';
import { ADMIN_ACTIONS } from '../types.ts';

type Call = SignedInCall<null, unknown, unknown>;

/** What the application lets this admin do. A page asks so as to offer no more; each route asks again. */
const rightsOf = async ({ node, principal }: Call): Promise<AdminConfigAnswer['may']> => {
  const { tenant } = principal;
  const answers = await Promise.all(
    ADMIN_ACTIONS.map(async (action) => {
      const answer = await node.options.authorize(principal, action, { tenant });
      return [action, answer === true] as const;
    }),
  );
  return Object.fromEntries(answers) as AdminConfigAnswer['may'];
};

export const config = adminRoute({
  method: 'GET',
  path: '/admin/config',
  action: 'admin:users:read',
  standing: 'beside',
  body: null,
  query: noQuery,
  params: noParams,
  run: async (call: Call) => {
    const { node, key, principal } = call;
    const { sources, store, history } = node.options;
    const answer: AdminConfigAnswer = {
      viewer: { userId: principal.userId, tenant: key.tenant },
      may: await rightsOf(call),
      directory: sources.directory
        ? { filters: sources.directory.filters, sorts: sources.directory.sorts }
        : null,
      durability: store.durability,
      history: history && { retentionMs: history.retentionMs },
    };
    return json(answer);
  },
});

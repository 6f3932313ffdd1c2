import { events } from '../../http/answers.ts';
import { noParams, noQuery } from '../../http/query.ts';
import type { SignedInCall } from '../../http/route.ts';
import { adminRoute } from '../admin-route.ts';
import { openTrueStream } from '../live/true-stream.ts';

/** Who is truly there, live. */
export const adminStream = adminRoute({
  method: 'POST',
  path: '/admin/stream',
  body: null,
  action: 'admin:users:read',
  standing: 'before',
  query: noQuery,
  params: noParams,
  run: async ({ node, principal }: SignedInCall<null, unknown, unknown>) =>
    events(await openTrueStream(node, principal)),
});

import { LIMITS, type TicketAnswer } from '@presence/core/protocol';
import { json } from '../answers.ts';
import { refuseWhileDraining } from '../draining.ts';
import { noParams, noQuery } from '../query.ts';
import { signedInRoute, type SignedInCall } from '../route.ts';

/** What a socket logs in with: one way for cookies, headers and anything else. */
export const ticket = signedInRoute({
  method: 'POST',
  path: '/ticket',
  login: 'required',
  standing: 'read',
  limit: 'tickets',
  body: { schema: noQuery, maxBytes: LIMITS.bodyBytes, acceptsText: false },
  query: noQuery,
  params: noParams,
  run: ({ node, principal }: SignedInCall<unknown, unknown, unknown>) => {
    refuseWhileDraining(node);
    const answer: TicketAnswer = node.tickets.issue(principal);
    return json(answer);
  },
});

import { LIMITS, statusSchema, visibilitySchema, type StatusChange } from '@presence/core/protocol';
import type { Visibility } from '@presence/core';
import { meOf } from '../../me.ts';
import { json } from '../answers.ts';
import { noParams, noQuery } from '../query.ts';
import { signedInRoute, type SignedInCall } from '../route.ts';

type Call<Body> = SignedInCall<Body, unknown, unknown>;

const common = {
  login: 'required',
  limit: 'queries',
  query: noQuery,
  params: noParams,
} as const;

const showMe = signedInRoute({
  ...common,
  method: 'GET',
  path: '/me',
  standing: 'read',
  body: null,
  run: async ({ key, own }: Call<null>) => json(meOf(key.userId, (await own()).record)),
});

const putStatus = signedInRoute({
  ...common,
  method: 'PUT',
  path: '/me/status',
  standing: 'command',
  body: { schema: statusSchema, maxBytes: LIMITS.bodyBytes, acceptsText: false },
  run: async ({ node, key, principal, body }: Call<StatusChange>) => {
    const { issuedAt } = principal;
    const command = { type: 'claim', source: 'user', issuedAt, ...body } as const;
    return json(meOf(key.userId, (await node.engine.execute(key, command)).record));
  },
});

const deleteStatus = signedInRoute({
  ...common,
  method: 'DELETE',
  path: '/me/status',
  standing: 'command',
  body: null,
  run: async ({ node, key, principal: { issuedAt } }: Call<null>) => {
    const command = { type: 'release', source: 'user', issuedAt } as const;
    return json(meOf(key.userId, (await node.engine.execute(key, command)).record));
  },
});

const putVisibility = signedInRoute({
  ...common,
  method: 'PUT',
  path: '/me/visibility',
  standing: 'command',
  body: { schema: visibilitySchema, maxBytes: LIMITS.bodyBytes, acceptsText: false },
  run: async (call: Call<{ readonly visibility: Visibility }>) => {
    const { node, key, principal, body } = call;
    const { issuedAt } = principal;
    const command = { type: 'visibility', visibility: body.visibility, issuedAt } as const;
    return json(meOf(key.userId, (await node.engine.execute(key, command)).record));
  },
});

/** The caller's own view: everything they declared, and what they truly are. */
export const me = [showMe, putStatus, deleteStatus, putVisibility];

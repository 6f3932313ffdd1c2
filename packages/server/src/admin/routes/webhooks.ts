import { PresenceError } from '@presence/core';
import {
  LIMITS,
  webhookChoiceSchema,
  type AdminWebhook,
  type WebhookChoice,
  type WebhooksAnswer,
  type WebhooksChangedAnswer,
} from '@presence/core/protocol';
import { json } from '../../http/answers.ts';
import { noParams, noQuery } from '../../http/query.ts';
import type { SignedInCall } from '../../http/route.ts';
import type { Attached } from '../../webhooks/attached.ts';
import type { Desk } from '../../webhooks/desk.ts';
import { adminRoute } from '../admin-route.ts';

const SHOWN_FAILURES = 100;

const common = { query: noQuery, params: noParams } as const;

const webhookOf = async (
  { name, host, delivery, desk }: Attached,
  tenant: string,
): Promise<AdminWebhook> => ({ name, host, delivery, ...(await desk.count(tenant)) });

const read = adminRoute({
  ...common,
  method: 'GET',
  path: '/admin/webhooks',
  action: 'admin:webhooks:read',
  standing: 'beside',
  body: null,
  run: async ({ node, key: { tenant } }: SignedInCall<null, unknown, unknown>) => {
    const attached = [...node.webhooks.values()];
    const failures = await Promise.all(
      attached.map(({ desk }) => desk.failures(tenant, SHOWN_FAILURES)),
    );
    const answer: WebhooksAnswer = {
      webhooks: await Promise.all(attached.map((one) => webhookOf(one, tenant))),
      failures: failures
        .flat()
        .sort((a, b) => b.at - a.at)
        .slice(0, SHOWN_FAILURES)
        .map(({ hook, ...failure }) => ({ webhook: hook, ...failure })),
    };
    return json(answer);
  },
});

const deskOf = ({ node, body }: SignedInCall<WebhookChoice, unknown, unknown>): Desk => {
  const attached = node.webhooks.get(body.webhook);
  if (attached) return attached.desk;
  throw new PresenceError('not_found', `No webhook of this node is called "${body.webhook}".`);
};

/** What is done to those that were given up: told to the audit once it is stored. */
const change = (path: string, act: (desk: Desk) => Desk['retry'] | Desk['drop']) =>
  adminRoute({
    ...common,
    method: 'POST',
    path,
    action: 'admin:webhooks:write',
    standing: 'before',
    body: { schema: webhookChoiceSchema, maxBytes: LIMITS.bodyBytes, acceptsText: false },
    run: async (call: SignedInCall<WebhookChoice, unknown, unknown>) => {
      const { node, key, principal, body, own } = call;
      const { webhook, userId, version } = body;
      const choice = { tenant: key.tenant, hook: webhook, userId, version };
      const changed = await act(deskOf(call))(choice);
      const { at } = await own();
      node.audit({
        at,
        actor: { tenant: principal.tenant, userId: principal.userId },
        action: 'admin:webhooks:write',
        ...(userId !== undefined && { target: { tenant: key.tenant, userId } }),
        details: { [path.endsWith('/retry') ? 'retry' : 'drop']: body, changed },
      });
      const answer: WebhooksChangedAnswer = { changed };
      return json(answer);
    },
  });

const retry = change('/admin/webhooks/retry', (desk) => desk.retry);
const drop = change('/admin/webhooks/drop', (desk) => desk.drop);

/** What could not be delivered, and what to do about it. */
export const webhookRoutes = [read, retry, drop];

import type { WebhooksAnswer } from '@presence/core/protocol';
import { describe, expect, it } from 'vitest';
import { createAskedNode } from '../testing/asked-node.ts';
import type { Authorize, Principal } from '../types.ts';
import { attachWebhooks } from '../webhooks/attach-webhooks.ts';
import type { WebhookEvent } from '../webhooks/types.ts';
import type { AuditEvent } from './types.ts';

const authorize: Authorize = ({ roles }, action) =>
  !action.startsWith('admin:') || roles?.includes('admin') === true;

const ROOT: Principal = { userId: 'root', roles: ['admin'] };
const BOSS: Principal = { userId: 'boss', tenant: 'other', roles: ['admin'] };

const setup = () => {
  const node = createAskedNode({ admin: true, security: { authorize } });
  const audited: AuditEvent[] = [];
  node.presence.on('audit', (event) => void audited.push(event));
  const told: WebhookEvent[] = [];
  const target = { status: 500 };
  const hooks = attachWebhooks(node.presence, {
    name: 'crm',
    url: 'https://app.example/secret-path?token=1',
    secret: 'a secret for webhooks that is long enough',
    mostTries: 1,
    testing: {
      post: async ({ body }) => {
        told.push(JSON.parse(body) as WebhookEvent);
        return target;
      },
    },
  });
  const list = async (as: Principal): Promise<WebhooksAnswer> =>
    (await node.ask('GET /admin/webhooks', { as })).json as WebhooksAnswer;
  const change = (act: string, body: unknown, as: Principal = ROOT) =>
    node.ask(`POST /admin/webhooks/${act}`, { as, body });
  return { ...node, audited, told, target, hooks, list, change };
};

describe('webhooks that were given up', () => {
  it('S15: are listed, each tenant its own, without what may be secret in the address', async () => {
    const { presence, clock, list } = setup();
    await presence.signIn('ada');
    await presence.tenant('other').signIn('eve');
    await clock.advance(0);
    const answer = await list(ROOT);
    expect(answer).toEqual({
      webhooks: [
        { name: 'crm', host: 'app.example', delivery: 'best-effort', waiting: 0, failed: 1 },
      ],
      failures: [
        {
          webhook: 'crm',
          userId: 'ada',
          version: expect.any(Number) as number,
          tries: 1,
          at: clock.now(),
          reason: 'status 500',
        },
      ],
    });
    const others = await list(BOSS);
    expect(others.failures.map(({ userId }) => userId)).toEqual(['eve']);
    expect(JSON.stringify(answer)).not.toContain('secret-path');
  });

  it('go out again or are dropped, and the audit says who did it', async () => {
    const { presence, clock, list, change, told, target, audited } = setup();
    for (const userId of ['ada', 'bob']) await presence.signIn(userId);
    await clock.advance(0);
    told.length = 0;
    target.status = 204;
    const retried = await change('retry', { webhook: 'crm', userId: 'ada' });
    expect(retried.json).toEqual({ changed: 1 });
    await clock.advance(0);
    expect(told.map((event) => event.presence.userId)).toEqual(['ada']);
    expect((await list(ROOT)).failures.map(({ userId }) => userId)).toEqual(['bob']);
    expect((await change('drop', { webhook: 'crm' })).json).toEqual({ changed: 1 });
    expect((await list(ROOT)).failures).toEqual([]);
    expect(audited).toMatchObject([
      {
        action: 'admin:webhooks:write',
        actor: { userId: 'root' },
        target: { userId: 'ada' },
        details: { retry: { webhook: 'crm', userId: 'ada' }, changed: 1 },
      },
      { action: 'admin:webhooks:write', details: { drop: { webhook: 'crm' }, changed: 1 } },
    ]);
  });

  it.each([
    ['another name', { webhook: 'other' }, 404],
    ['no name', {}, 400],
    ['a name that none can have', { webhook: '../crm' }, 400],
    ['a version of nobody', { webhook: 'crm', version: 1 }, 400],
    ['a negative version', { webhook: 'crm', userId: 'ada', version: -1 }, 400],
    ['anything else', { webhook: 'crm', all: true }, 400],
  ])('%s is refused, and nothing is done', async (_, body, status) => {
    const { presence, clock, list, change, audited } = setup();
    await presence.signIn('ada');
    await clock.advance(0);
    expect((await change('drop', body)).status).toBe(status);
    expect((await list(ROOT)).failures).toHaveLength(1);
    expect(audited).toEqual([]);
  });

  it('S15: of another tenant are not to be had', async () => {
    const { presence, clock, list, change } = setup();
    await presence.signIn('ada');
    await clock.advance(0);
    for (const act of ['drop', 'retry']) {
      const answer = await change(act, { webhook: 'crm', userId: 'ada' }, BOSS);
      expect(answer.json).toEqual({ changed: 0 });
    }
    expect((await list(ROOT)).failures).toHaveLength(1);
  });

  it('presence.close() closes the webhooks, and a name is free again then', async () => {
    const { presence, hooks, told } = setup();
    const again = {
      name: 'crm',
      url: 'https://app.example',
      secret: 'a secret for webhooks that is long enough',
    };
    expect(() => attachWebhooks(presence, again)).toThrow('is called "crm" already');
    await presence.close();
    await hooks.close();
    expect(hooks.waiting).toBe(0);
    const count = told.length;
    await presence.signIn('late').catch(() => undefined);
    expect(told).toHaveLength(count);
    await attachWebhooks(presence, again).close();
  });
});

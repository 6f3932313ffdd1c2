import { ERRORS } from '@presence/core';
import { MESSAGES, type MessageName } from '@presence/core/protocol';
import { Registry } from 'prom-client';
import { describe, expect, it } from 'vitest';
import { tableOf } from '../http/table.ts';
import { resolveOptions } from '../options.ts';
import { createAskedNode } from '../testing/asked-node.ts';
import { createVirtualNode } from '../testing/virtual-node.ts';
import { OPERATIONS } from './operations.ts';

const everything = {
  admin: true,
  openapi: true,
  history: {},
  metrics: { registry: new Registry(), route: 'protected-by-application' as const },
  security: { authorize: () => true },
};

interface Described {
  readonly summary: string;
  readonly responses: Record<string, { readonly description: string }>;
  readonly requestBody?: object;
}

interface Document {
  readonly openapi: string;
  readonly paths: Record<string, Record<string, Described>>;
  readonly components: { readonly schemas: Record<string, object> };
}

const documentOf = async (options: object): Promise<Document> => {
  const { ask } = createAskedNode({
    ...options,
    ...('metrics' in options && { metrics: { ...everything.metrics, registry: new Registry() } }),
  });
  return (await ask('GET /openapi.json')).json as Document;
};

describe('the description of the API', () => {
  it('knows each route of the table, and no other', () => {
    const table = tableOf(resolveOptions({ authenticate: () => null, ...everything }));
    const routes = table.map(({ method, path }) => `${method} ${path}`);
    expect(Object.keys(OPERATIONS).sort()).toEqual(routes.sort());
  });

  it('has a summary, answers and errors for each', async () => {
    const { openapi, paths } = await documentOf(everything);
    expect(openapi).toBe('3.1.0');
    const operations = Object.entries(paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, one]) => [`${method} ${path}`, one] as const),
    );
    expect(operations).toHaveLength(Object.keys(OPERATIONS).length);
    for (const [name, { summary, responses }] of operations) {
      expect(summary, name).toMatch(/^[A-Z].*\.$/);
      const statuses = Object.keys(responses);
      expect(
        statuses.some((status) => status.startsWith('2')),
        name,
      ).toBe(true);
      expect(responses['429']?.description, name).toBe('rate_limited');
    }
    expect(paths['/users/{userId}']?.['get']?.responses['404']?.description).toBe('not_found');
    expect(paths['/heartbeat']?.['post']?.requestBody).toEqual({
      content: {
        'application/json': { schema: { $ref: '#/components/schemas/HeartbeatRequest' } },
      },
    });
  });

  it('refers to nothing that it does not hold', async () => {
    const document = await documentOf(everything);
    const held = Object.keys(document.components.schemas);
    const refs = [...JSON.stringify(document).matchAll(/#\/components\/schemas\/(\w+)/g)];
    expect(refs.length).toBeGreaterThan(40);
    for (const [, name] of refs) expect(held).toContain(name);
  });

  it('has what is mounted, and is there only when asked for', async () => {
    const { paths } = await documentOf({ openapi: true });
    expect(Object.keys(paths)).toContain('/openapi.json');
    expect(Object.keys(paths).filter((path) => path.startsWith('/admin'))).toEqual([]);
    const { ask } = createAskedNode();
    expect((await ask('GET /openapi.json')).status).toBe(404);
  });
});

/** Schemas of answers take what they do not know, so what they leave out shows in what they give back. */
const expectFits = (name: MessageName, value: unknown): void => {
  expect((MESSAGES[name] as { parse(value: unknown): unknown }).parse(value), name).toEqual(value);
};

describe('what is answered is as described', () => {
  const describedAnswer = (line: string, status: number): MessageName | string | null => {
    const [method = '', target = ''] = line.split(' ');
    const [path = ''] = target.split('?');
    const template = path
      .replace(/^(\/admin)?\/users\/ada/, '$1/users/:userId')
      .replace('/rooms/kitchen', '/rooms/:room');
    const name = `${method} ${template}`;
    const { answers = {} } = OPERATIONS[name] ?? {};
    return answers[status] === undefined ? `${name} ${status} is not described` : answers[status];
  };

  it.each<[string, unknown?]>([
    ['POST /heartbeat', {}],
    ['GET /me'],
    ['PUT /me/status', { status: 'busy', message: 'Writing', emoji: '✍️', forMs: 60_000 }],
    ['PUT /me/visibility', { visibility: 'hidden' }],
    ['DELETE /me/status'],
    ['GET /users/ada'],
    ['POST /users/query', { userIds: ['ada', 'nobody'] }],
    ['GET /online?limit=1'],
    ['GET /online/count'],
    ['GET /online?room=kitchen'],
    ['GET /rooms/kitchen'],
    ['POST /ticket', {}],
    ['GET /health/live'],
    ['GET /health/ready'],
    ['GET /admin/users'],
    ['GET /admin/users/online?limit=1'],
    ['GET /admin/users/ada'],
    ['GET /admin/stats'],
    ['PUT /admin/users/ada/status', { status: 'dnd' }],
    ['DELETE /admin/users/ada/status'],
    ['PUT /admin/users/ada/account', { account: 'active' }],
    ['POST /admin/users/ada/disconnect', {}],
    ['POST /admin/reap', {}],
    ['GET /admin/users/ada/history'],
    ['GET /admin/users/ada/insights?days=2'],
    ['GET /admin/insights?days=2'],
    ['DELETE /admin/users/ada/history'],
  ])('%s', async (line, body) => {
    const { ask, beat, presence } = createAskedNode({
      admin: true,
      history: {},
      security: { authorize: () => true },
    });
    await beat({ device: 'web' });
    await presence.signIn('grace');
    await presence.claim('ada', 'busy', { message: 'Writing', forMs: 1000 });
    const { status, json } = await ask(line, { ...(body !== undefined && { body }) });
    expectFits(describedAnswer(line, status) as MessageName, json);
  });

  it('an error', async () => {
    const { ask } = createAskedNode();
    const { status, json } = await ask('GET /nowhere');
    expect(status).toBe(ERRORS.not_found.httpStatus);
    expectFits('ErrorAnswer', json);
  });

  it('every frame of the server', async () => {
    const node = createVirtualNode();
    const ada = node.connect();
    ada.send({ type: 'hello', protocol: 1, ticket: node.ticket('ada') });
    await node.clock.advance(100);
    ada.send({ type: 'watch', id: 'w', add: ['grace'], ref: 1 });
    ada.send({ type: 'watch', id: 'all', tenant: true });
    await node.clock.advance(1000);
    await node.join('grace');
    await node.clock.advance(1000);
    ada.send({ type: 'watch', id: 'w', add: ['grace'], tenant: true, ref: 2 } as never);
    await node.clock.advance(100);
    node.startDraining();
    void node.gateway.drain();
    await node.clock.advance(100);
    const types = new Set(ada.frames.map(({ type }) => type));
    expect([...types].sort()).toEqual(
      ['ack', 'changes', 'error', 'me', 'reconnect', 'snapshot', 'welcome'].sort(),
    );
    for (const text of ada.texts) expectFits('ServerFrame', JSON.parse(text));
    await node.clock.advance(30_000);
    await node.stop();
  });
});

import { describe, expect, it } from 'vitest';
import { createPresence } from '../index.ts';
import { createFetchHandler } from './fetch.ts';

const createHandler = (options?: Parameters<typeof createFetchHandler>[1]) =>
  createFetchHandler(
    createPresence<Request>({
      authenticate: ({ headers }) => {
        const userId = headers.get('x-user');
        return userId === null ? null : { userId };
      },
    }),
    options,
  );

const BASE = 'https://app.example';

const post = (
  path: string,
  body: NonNullable<RequestInit['body']>,
  more: RequestInit = {},
): Request =>
  new Request(`${BASE}${path}`, {
    method: 'POST',
    headers: { 'x-user': 'ada', 'content-type': 'application/json' },
    body,
    ...more,
  });

const asked = async (handler: (request: Request) => Promise<Response>, request: Request) => {
  const response = await handler(request);
  const text = await response.text();
  const { error } = (text === '' ? {} : JSON.parse(text)) as { error?: { code: string } };
  return [response.status, error?.code];
};

const OK = [200, undefined];

describe('a handler of fetch requests', () => {
  it('keeps a user present, and tells of others', async () => {
    const handler = createHandler();
    expect(await asked(handler, post('/presence/heartbeat', '{}'))).toEqual(OK);
    const headers = { 'x-user': 'ben' };
    const response = await handler(new Request(`${BASE}/presence/users/ada?`, { headers }));
    expect(await response.json()).toMatchObject({ userId: 'ada', status: 'online' });
    const head = await handler(new Request(`${BASE}/presence/me`, { method: 'HEAD', headers }));
    expect([head.status, await head.text()]).toEqual([200, '']);
  });

  it('is mounted where it is told to be', async () => {
    const handler = createHandler({ basePath: '/api/presence/' });
    expect(await asked(handler, post('/api/presence/heartbeat', '{}'))).toEqual(OK);
    for (const path of ['/presence/heartbeat', '/api/presence', '/api/presencex/heartbeat']) {
      expect(await asked(handler, post(path, '{}'))).toEqual([404, 'not_found']);
    }
  });

  it('bounds a body while it arrives, and tells one that broke or was read before', async () => {
    const handler = createHandler();
    const large = JSON.stringify({ device: 'x'.repeat(10_000) });
    expect(await asked(handler, post('/presence/heartbeat', large))).toEqual([
      413,
      'payload_too_large',
    ]);
    let pulled = 0;
    const endless = new ReadableStream({
      pull: (controller) => {
        pulled += 1;
        controller.enqueue(new Uint8Array(4096));
      },
    });
    const streamed = { duplex: 'half' } as RequestInit;
    expect(await asked(handler, post('/presence/heartbeat', endless, streamed))).toEqual([
      413,
      'payload_too_large',
    ]);
    expect(pulled).toBeLessThan(10);
    const broken = new ReadableStream({ pull: (controller) => controller.error(new Error('cut')) });
    expect(await asked(handler, post('/presence/heartbeat', broken, streamed))).toEqual([
      400,
      'invalid_request',
    ]);
    const used = post('/presence/heartbeat', '{}');
    await used.text();
    expect(await asked(handler, used)).toEqual([400, 'invalid_request']);
  });

  it('holds an address where the platform names it', async () => {
    const handler = createFetchHandler(
      createPresence<Request>({
        authenticate: () => ({ userId: 'ada' }),
        security: { limits: { perAddressPerMinute: 1 } },
      }),
      { addressOf: ({ headers }) => headers.get('x-real-ip') ?? '' },
    );
    const from = (address: string) =>
      handler(new Request(`${BASE}/presence/me`, { headers: { 'x-real-ip': address } }));
    expect((await from('192.0.2.1')).status).toBe(200);
    expect((await from('192.0.2.1')).status).toBe(429);
    expect((await from('192.0.2.2')).status).toBe(200);
  });
});

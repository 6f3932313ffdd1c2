import { request } from 'node:http';
import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startApps, type RunningApp } from './apps.ts';
import { call, type Call } from './call.ts';
import { BAD_BODIES, codeOf, refusedBy, sameVerdictOfAll } from './refusals.ts';

const USER = '/admin/users/ada';

/** Every route of admins and of streams that takes a body, with bodies of the right form that say nothing possible. */
const WRONG_VALUES: Readonly<Record<string, readonly unknown[]>> = {
  [`PUT ${USER}/status`]: [
    {},
    { status: 'invisible' },
    { status: null },
    { status: 'busy', until: 0 },
    { status: 'busy', until: 1 },
    { status: 'busy', until: -1 },
    { status: 'busy', until: 1e300 },
    { status: 'busy', until: '2099-01-01' },
    { status: 'busy', forMs: 0 },
    { status: 'busy', forMs: -60_000 },
    { status: 'busy', forMs: 1000, until: 9_999_999_999_999 },
    { status: 'busy', message: 'x'.repeat(141) },
    { status: 'busy', source: 'user' },
    { status: 'busy', priority: 1000 },
    { status: 'busy', holdsAbsent: 'yes' },
    { status: 'busy', tenant: 'other' },
  ],
  [`PUT ${USER}/account`]: [
    {},
    ...['deleted', 'ACTIVE', ' active', '', 'constructor', '__proto__', null, 1, true].map(
      (account) => ({ account }),
    ),
    { account: ['banned'] },
    { account: 'banned', userId: 'ben' },
    { account: 'banned', tenant: 'other' },
  ],
  [`POST ${USER}/disconnect`]: [
    { sessionId: '' },
    { sessionId: 7 },
    { sessionId: 'x'.repeat(129) },
    { all: true },
  ],
  'POST /admin/reap': [{ limit: 1e9 }, { tenant: 'other' }],
  'POST /admin/webhooks/retry': [{}, { webhook: '../crm' }, { webhook: 'crm', version: 1 }],
  'POST /admin/webhooks/drop': [{}, { webhook: 'crm', userId: '' }, { webhook: '*' }],
  'POST /stream': [
    {},
    { frames: 'hello' },
    { frames: Array.from({ length: 21 }, () => ({ type: 'bye', reason: 'closed' })) },
    { frames: [], ticket: 'x' },
  ],
  'POST /stream/frames': [
    {},
    { stream: 'x' },
    { stream: 'x', seq: 0 },
    { stream: 'x', seq: -1 },
    { stream: 'x', seq: 1.5 },
    { stream: '', seq: 1 },
    { stream: 'x'.repeat(5000), seq: 1 },
    { stream: ['x'], seq: 1 },
    { stream: 'x', seq: 1, frames: {} },
    { stream: 'x', seq: 1, pongs: [1] },
    { stream: 'x', seq: 1, pongs: 'x' },
    { stream: 'x', seq: 1, tenant: 'other' },
  ],
};

const LINES = Object.keys(WRONG_VALUES);

const many = (count: number, of: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => of(index)).join('&');

/** Queries that no route answers; each list and history. */
const BAD_QUERIES: Readonly<Record<string, readonly string[]>> = {
  '/admin/users': [
    ...['-1', '0', '501', '1.5', '1e2', 'NaN', 'Infinity', '', '+5', '0x10', '%20'].map(
      (limit) => `limit=${limit}`,
    ),
    'limit=1&limit=2',
    'limit[]=1',
    'status=invisible',
    'status=online,invisible',
    'status=',
    'status=,',
    'status=ONLINE',
    `status=${Array.from({ length: 1500 }, () => 'online').join(',')}`,
    many(1000, (index) => `f${index}=${index}`),
    many(1000, () => 'status=online'),
    'account=deleted',
    'account=active,banned',
    'account=active',
    'search=ada',
    `search=${'x'.repeat(101)}`,
    'sort=name',
    'sort=__proto__',
    'sort=name;drop',
    'tenant=other',
    '__proto__=1',
    ...['', 'x', 'ada', '../..', '%00', 'e30', 'x'.repeat(4000)].map((at) => `cursor=${at}`),
  ],
  '/admin/users/online': [
    'limit=-1',
    'status=offline',
    'account=active',
    'cursor=x',
    'tenant=other',
  ],
  [USER]: ['tenant=other', 'x=1'],
  [`${USER}/history`]: [
    'from=-1',
    'from=1e3',
    'from=99999999999999999',
    'until=yesterday',
    'limit=-1',
    'limit=0',
    'limit=501',
    'cursor=x',
    'userId=ben',
  ],
  [`${USER}/history/export`]: ['limit=-1', 'limit=5001', 'from=-1', 'cursor=x', 'format=csv'],
  [`${USER}/insights`]: [
    'days=0',
    'days=-1',
    'days=367',
    'days=1.5',
    'timeZone=Mars/Olympus',
    'timeZone=..%2F..%2Fetc',
    'timeZone=',
    'tenant=other',
  ],
  '/admin/insights': ['days=0', 'days=1e9', 'timeZone=x'],
  '/admin/stats': ['tenant=other'],
  '/admin/webhooks': ['tenant=other', 'limit=-1'],
  '/admin/config': ['x=1'],
};

let apps: readonly RunningApp[] = [];

beforeAll(async () => {
  const perMinute = 1e9;
  apps = await startApps({
    admin: true,
    history: {},
    security: {
      limits: { perAddressPerMinute: perMinute, queriesPerMinute: perMinute },
      authorize: ({ userId }, action) => !action.startsWith('admin:') || userId === 'root',
    },
  });
  for (const { presence } of apps) {
    for (const userId of ['ada', 'ben', 'cleo']) await presence.signIn(userId);
    for (const userId of ['ada', 'eve', 'fay']) await presence.tenant('other').signIn(userId);
  }
});
afterAll(() => Promise.all(apps.map((app) => app.close())));

const callOf = (line: string, given: Partial<Call> = {}): Call => {
  const [method = '', path = ''] = line.split(' ');
  const headers = { 'x-user': 'root', 'content-type': 'application/json', ...given.headers };
  return { method, path: `/presence${path}`, ...given, headers };
};

const refused = async (asked: Call, status = 400): Promise<void> => {
  const answered = await refusedBy(apps, asked);
  expect([asked.method, asked.path.slice(0, 200), answered.status]).toEqual([
    asked.method,
    asked.path.slice(0, 200),
    status,
  ]);
};

describe('bodies to admin routes and streams', () => {
  it.each(LINES.flatMap((line) => BAD_BODIES.map(([what, body]) => [line, what, body] as const)))(
    '%s: %s',
    (line, _what, body) => refused(callOf(line, { body })),
  );

  it.each(
    Object.entries(WRONG_VALUES).flatMap(([line, all]) => all.map((body) => [line, body] as const)),
  )('%s: %j', async (line, body) => {
    const answered = await refusedBy(apps, callOf(line, { body: JSON.stringify(body) }));
    expect([answered.status, codeOf(answered)]).toEqual([400, 'invalid_request']);
  });

  it.each(LINES)('%s: too large, and of other media types', async (line) => {
    const most = line.startsWith('POST /stream') ? 65_536 : 8192;
    const body = JSON.stringify({ x: 'x'.repeat(most) });
    await refused(callOf(line, { body }), 413);
    await refused(callOf(line, { body, chunked: true }), 413);
    await refused(callOf(line, { body: '{}', headers: { 'content-type': 'text/plain' } }), 415);
  });

  // A stream that chance opens does not end by itself.
  it.each(LINES.filter((line) => line !== 'POST /stream'))(
    '%s: whatever comes, the same verdict everywhere',
    (line) => sameVerdictOfAll(apps, (body) => callOf(line, { body }), 30),
  );

  it('a stream that nobody opened takes no frames', async () => {
    const body = JSON.stringify({ stream: 'made up', seq: 1, frames: [] });
    await refused(callOf('POST /stream/frames', { body }), 404);
  });

  it('POST /admin/stream reads no body, whatever it is', async () => {
    const headers = { 'x-user': 'root', 'content-type': 'application/json' };
    for (const app of apps) {
      const status = await new Promise((resolve, reject) => {
        const options = { method: 'POST', headers };
        const sent = request(`${app.url}/presence/admin/stream`, options, (response) => {
          resolve(response.statusCode);
          response.destroy();
        });
        sent.on('error', reject);
        sent.end('{"__proto__":');
      });
      // An application's own parser reads it first.
      expect([app.name, status]).toEqual([app.name, app.name.includes('parser') ? 400 : 200]);
    }
  });
});

describe('queries to admin routes', () => {
  it.each(
    Object.entries(BAD_QUERIES).flatMap(([path, all]) =>
      all.map((query) => [path, query.slice(0, 60), query] as const),
    ),
  )('%s?%s', (path, _short, query) => refused(callOf(`GET ${path}?${query}`)));

  it.each(['%00', '%0a', '%7f', 'x'.repeat(129), '%C3%A4'.repeat(129)])(
    'a user called %s',
    async (userId) => {
      for (const [method, below, body] of [
        ['GET', '', undefined],
        ['GET', '/history', undefined],
        ['PUT', '/account', { account: 'banned' }],
        ['PUT', '/status', { status: 'dnd' }],
        ['DELETE', '/status', undefined],
        ['POST', '/disconnect', {}],
        ['DELETE', '/history', undefined],
      ] as const) {
        const given = body === undefined ? {} : { body: JSON.stringify(body) };
        await refused(callOf(`${method} /admin/users/${userId}${below}`, given));
      }
    },
  );

  it.each(['1', 'W/"1"', '"-1"', '"1e3"', '""', '"01"', '"1", "2"', '"99999999999999999"', 'x'])(
    'If-Match: %s',
    async (tag) => {
      const body = JSON.stringify({ account: 'banned' });
      await refused(callOf(`PUT ${USER}/account`, { body, headers: { 'if-match': tag } }));
      await refused(callOf(`DELETE ${USER}/status`, { headers: { 'if-match': tag } }));
    },
  );
});

describe('cursors', () => {
  const cursorOf = async (path: string, headers = {}): Promise<string> => {
    const answers = await Promise.all(
      apps.map((app) => call(app.url, callOf(`GET ${path}`, { headers }))),
    );
    const cursors = answers.map(
      ({ text }) => (JSON.parse(text) as { nextCursor: string }).nextCursor,
    );
    expect(cursors).toEqual(cursors.map(() => expect.any(String)));
    return cursors[0] as string;
  };
  const at = (path: string, cursor: string, headers = {}): Call =>
    callOf(`GET ${path}${path.includes('?') ? '&' : '?'}cursor=${encodeURIComponent(cursor)}`, {
      headers,
    });

  it('S15: of another tenant, list, filter or user are refused', async () => {
    const cursor = await cursorOf('/admin/users?limit=1');
    expect((await call(apps[0]!.url, at('/admin/users', cursor))).status).toBe(200);
    await refused(at('/admin/users', cursor, { 'x-tenant': 'other' }));
    await refused(at('/admin/users?status=online', cursor));
    await refused(at('/admin/users/online', cursor));
    await refused(at('/online', cursor));
    await refused(at(`${USER}/history`, cursor));
    const foreign = await cursorOf('/admin/users?limit=1', { 'x-tenant': 'other' });
    await refused(at('/admin/users', foreign));
    await refused(at('/admin/users', await cursorOf('/online?limit=1')));
  });

  it('altered in any place are refused', async () => {
    const cursor = await cursorOf('/admin/users?limit=1');
    const altered = fc
      .tuple(
        fc.nat({ max: cursor.length - 1 }),
        fc.constantFrom('a', 'X', '0', '9', '-', '_', '.', '~', '=', '/', '+'),
      )
      .map(([place, letter]) => cursor.slice(0, place) + letter + cursor.slice(place + 1))
      .filter((text) => text !== cursor);
    const cut = fc.nat({ max: cursor.length - 1 }).map((end) => cursor.slice(0, end));
    const longer = fc.string({ minLength: 1, maxLength: 9 }).map((tail) => cursor + tail);
    await fc.assert(
      fc.asyncProperty(fc.oneof(altered, cut, longer), (text) => refused(at('/admin/users', text))),
      { numRuns: 150 },
    );
  });
});

describe('ids of another tenant', () => {
  const shown = async (app: RunningApp): Promise<readonly string[]> => {
    const lines = ['/admin/users', '/admin/stats', '/admin/users/eve', '/admin/users/eve/history'];
    const headers = { 'x-tenant': 'other' };
    const answers = await Promise.all(
      lines.map((line) => call(app.url, callOf(`GET ${line}`, { headers }))),
    );
    return answers.map(({ text }) => text);
  };

  it('S15: an admin who writes to them writes to users of their own, and the others stay as they are', async () => {
    for (const app of apps) {
      const before = await shown(app);
      for (const [line, body] of [
        ['PUT /admin/users/eve/account', { account: 'banned' }],
        ['PUT /admin/users/eve/status', { status: 'dnd', holdsAbsent: true }],
        ['POST /admin/users/eve/disconnect', {}],
        ['DELETE /admin/users/eve/history', undefined],
        ['POST /admin/reap', {}],
      ] as const) {
        const given = body === undefined ? {} : { body: JSON.stringify(body) };
        expect((await call(app.url, callOf(line, given))).status).toBe(200);
      }
      expect([app.name, await shown(app)]).toEqual([app.name, before]);
    }
  });

  it.each(['other%00eve', 'other%0aeve', 'other%1feve'])('S15: %s names nobody', (userId) =>
    refused(callOf(`GET /admin/users/${userId}`)),
  );
});

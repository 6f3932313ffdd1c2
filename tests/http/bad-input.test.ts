import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startApps, type RunningApp } from './apps.ts';
import { call, type Answered, type Call } from './call.ts';
import { BAD_BODIES, codeOf, isRefusal, refusedBy, sameVerdictOfAll } from './refusals.ts';

const JSON_TYPE = { 'content-type': 'application/json' };

/** Every route that takes a body, with one that is right. */
const GOOD = {
  'POST /heartbeat': { device: 'web' },
  'POST /leave': { sessionId: 'nobody', reason: 'closed' },
  'PUT /me/status': { status: 'busy' },
  'PUT /me/visibility': { visibility: 'visible' },
  'POST /users/query': { userIds: ['ada'] },
  'POST /ticket': {},
} as const;

type Line = keyof typeof GOOD;

const LINES = Object.keys(GOOD) as Line[];

const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values);

const WRONG_VALUES: Readonly<Record<string, readonly unknown[]>> = {
  'POST /heartbeat': [
    { sessionId: '' },
    { sessionId: 7 },
    { sessionId: null },
    { sessionId: 'a'.repeat(129) },
    { sessionId: ['a'] },
    { sessionId: { toString: 'a' } },
    { sessionId: 'a\nb' },
    { sessionId: 's', seq: -1 },
    { sessionId: 's', seq: 1.5 },
    { sessionId: 's', seq: 1e300 },
    { sessionId: 's', seq: '1' },
    { activity: 'offline' },
    { activity: null },
    { idleMs: -1 },
    { idleMs: 1e15 },
    { hidden: 'yes' },
    { device: '' },
    { device: 'x'.repeat(33) },
    { userId: 'ben' },
    { tenant: 'other' },
    { status: 'online' },
  ],
  'POST /leave': [
    {},
    { sessionId: 's' },
    { sessionId: 's', reason: 'bored' },
    { sessionId: 's', reason: 'closed', userId: 'ben' },
    { sessionId: 's', reason: 'closed', leaveToken: '' },
    { sessionId: 's', reason: 'closed', leaveToken: 7 },
    { sessionId: 's', reason: 'closed', leaveToken: 'a'.repeat(2049) },
  ],
  'PUT /me/status': [
    {},
    { status: 'offline' },
    { status: 'invisible' },
    { status: ['busy'] },
    { status: 'busy', message: 'x'.repeat(141) },
    { status: 'busy', message: 'a\u0007b' },
    { status: 'busy', emoji: 'x'.repeat(33) },
    { status: 'busy', forMs: 0 },
    { status: 'busy', forMs: -1 },
    { status: 'busy', forMs: 1e18 },
    { status: 'busy', until: 1 },
    { status: 'busy', source: 'admin' },
    { status: 'busy', priority: 100 },
    { status: 'busy', holdsAbsent: true },
  ],
  'PUT /me/visibility': [{}, { visibility: 'invisible' }, { visibility: true }],
  'POST /users/query': [
    {},
    { userIds: [] },
    { userIds: 'ada' },
    { userIds: [''] },
    { userIds: [1] },
    { userIds: [null] },
    { userIds: Array.from({ length: 501 }, (_, index) => `user ${index}`) },
    { userIds: ['a'], tenant: 'other' },
  ],
  'POST /ticket': [{ userId: 'ben' }, { expiresInMs: 1e9 }],
};

let apps: readonly RunningApp[] = [];

beforeAll(async () => {
  const perMinute = 1_000_000_000;
  const limits = {
    beatsPerMinute: perMinute,
    queriesPerMinute: perMinute,
    ticketsPerMinute: perMinute,
    perAddressPerMinute: perMinute,
  };
  apps = await startApps({ security: { limits } });
});

afterAll(() => Promise.all(apps.map((app) => app.close())));

const callOf = (line: string, given: Partial<Call> = {}): Call => {
  const [method = '', path = ''] = line.split(' ');
  const headers = { 'x-user': 'ada', ...(given.body !== undefined && JSON_TYPE), ...given.headers };
  return { method, path: `/presence${path}`, ...given, headers };
};

const refusedByAll = (asked: Call): Promise<Answered> => refusedBy(apps, asked);

const ask = async (app: RunningApp, line: string, body: unknown, headers = {}) => {
  const answered = await call(app.url, callOf(line, { body: JSON.stringify(body), headers }));
  return { status: answered.status, json: JSON.parse(answered.text || 'null') as never };
};

describe('what is right goes through', () => {
  it.each(LINES)('%s', async (line) => {
    for (const app of apps) {
      const { status } = await call(app.url, callOf(line, { body: JSON.stringify(GOOD[line]) }));
      expect([app.name, status]).toEqual([app.name, line === 'POST /leave' ? 204 : 200]);
    }
  });
});

describe('wrong bodies', () => {
  it.each(LINES.flatMap((line) => BAD_BODIES.map(([what, body]) => [line, what, body] as const)))(
    '%s: %s',
    async (line, _what, body) => {
      const { status } = await refusedByAll(callOf(line, { body }));
      expect(status).toBe(400);
    },
  );

  it.each(
    Object.entries(WRONG_VALUES).flatMap(([line, all]) => all.map((body) => [line, body] as const)),
  )('%s: %j', async (line, body) => {
    const answered = await refusedByAll(callOf(line, { body: JSON.stringify(body) }));
    expect([answered.status, codeOf(answered)]).toEqual([400, 'invalid_request']);
  });

  it.each(LINES)('%s: too large, said and unsaid', async (line) => {
    const most = line === 'POST /users/query' ? 65_536 : 8192;
    const body = JSON.stringify({ device: 'x'.repeat(most) });
    expect((await refusedByAll(callOf(line, { body }))).status).toBe(413);
    expect((await refusedByAll(callOf(line, { body, chunked: true }))).status).toBe(413);
  });

  it.each(LINES)('%s: other media types, charsets and encodings', async (line) => {
    const body = JSON.stringify(GOOD[line]);
    const wrong = [
      'text/html',
      'application/x-www-form-urlencoded',
      'multipart/form-data; boundary=x',
      'application/jsonx',
      'application/json; charset=iso-8859-1',
      'nonsense',
      '',
      ...(line === 'POST /leave' ? [] : ['text/plain']),
    ];
    for (const type of wrong) {
      const asked = callOf(line, { body, headers: { 'content-type': type } });
      expect([type, (await refusedByAll(asked)).status]).toEqual([type, 415]);
    }
    const [method = '', path = ''] = line.split(' ');
    const untyped = { method, path: `/presence${path}`, body, headers: { 'x-user': 'ada' } };
    expect((await refusedByAll(untyped)).status).toBe(415);
  });

  it.each(LINES)('%s: bytes that are no UTF-8', async (line) => {
    const raw = apps.filter(({ name }) => !name.includes('parser'));
    const wrong = Buffer.concat([Buffer.from('{"device":"'), bytes(0xff, 0xc0), Buffer.from('"}')]);
    for (const app of raw) {
      const answered = await call(app.url, callOf(line, { body: wrong }));
      expect([app.name, answered.status]).toEqual([app.name, 400]);
    }
  });
});

describe('what belongs to others', () => {
  it('S12: somebody else’s session and its leave token do nothing in other hands', async () => {
    for (const app of apps) {
      const open = async (user: string) =>
        (await ask(app, 'POST /heartbeat', {}, { 'x-user': user })).json as {
          sessionId: string;
          leaveToken: string;
        };
      const [bens, adas] = [await open('ben'), await open('ada')];
      const before = app.writes.count;
      const { sessionId } = bens;
      for (const seq of [undefined, 0, 1, 2 ** 53 - 1]) {
        expect((await ask(app, 'POST /heartbeat', { sessionId, seq })).status).toBe(409);
      }
      const steal = { sessionId, leaveToken: adas.leaveToken, reason: 'signed-out' };
      expect((await ask(app, 'POST /leave', steal)).status).toBe(403);
      const altered = { ...steal, leaveToken: `${bens.leaveToken.slice(0, -2)}AA` };
      expect((await ask(app, 'POST /leave', altered)).status).toBe(403);
      const ticket = (await ask(app, 'POST /ticket', {})).json as { ticket: string };
      const confused = { ...steal, leaveToken: ticket.ticket };
      expect((await ask(app, 'POST /leave', confused)).status).toBe(403);
      expect((await ask(app, 'POST /leave', { sessionId, reason: 'signed-out' })).status).toBe(204);
      expect(app.writes.count).toBe(before);
      expect((await app.presence.get('ben')).status).toBe('online');
    }
  });

  it('S19: a replayed beat or leave changes nothing more', async () => {
    for (const app of apps) {
      const { json } = await ask(app, 'POST /heartbeat', {}, { 'x-user': 'eve' });
      const { sessionId, leaveToken } = json as { sessionId: string; leaveToken: string };
      const headers = { 'x-user': 'eve' };
      const idle = { sessionId, seq: 1, activity: 'idle', idleMs: 60_000 };
      await ask(app, 'POST /heartbeat', idle, headers);
      await ask(app, 'POST /heartbeat', { sessionId, seq: 2 }, headers);
      const { version } = await app.presence.get('eve');
      await ask(app, 'POST /heartbeat', idle, headers);
      expect((await app.presence.get('eve')).version).toBe(version);
      const leave = { sessionId, leaveToken, reason: 'signed-out' };
      await ask(app, 'POST /leave', leave, headers);
      const before = app.writes.count;
      expect((await ask(app, 'POST /leave', leave, headers)).status).toBe(204);
      expect((await ask(app, 'POST /heartbeat', idle, headers)).status).toBe(409);
      expect(app.writes.count).toBe(before);
    }
  });
});

describe('whatever comes', () => {
  it.each(LINES)(
    '%s: every framework gives the same verdict, never a 500, and others are unharmed',
    async (line) => {
      // A parser that cuts or mends what it reads is the application's own matter.
      await sameVerdictOfAll(apps, (body) => callOf(line, { body }), 60);
      for (const app of apps) {
        const { status } = await ask(app, 'POST /heartbeat', {}, { 'x-user': 'well' });
        expect([app.name, status]).toEqual([app.name, 200]);
      }
      expect(Object.prototype).not.toHaveProperty('device');
    },
  );

  it('paths and queries', async () => {
    const path = fc.oneof(
      fc.webPath(),
      fc.string({ unit: 'binary' }).map((text) => `/users/${encodeURIComponent(text)}`),
      fc.webQueryParameters().map((query) => `/online?${query}`),
    );
    const harmless = fc.constantFrom('GET', 'HEAD', 'OPTIONS', 'DELETE', 'PUT', 'PATCH');
    await fc.assert(
      fc.asyncProperty(harmless, path, async (method, below) => {
        for (const app of apps) {
          const { status } = await call(app.url, callOf(`${method} ${below}`));
          expect([app.name, status < 500]).toEqual([app.name, true]);
        }
      }),
      { numRuns: 100 },
    );
  });
});

describe('floods', () => {
  it('are refused with the time to wait, write nothing, and harm nobody else', async () => {
    const flooded = await startApps({ security: { limits: { beatsPerMinute: 2 } } });
    try {
      for (const app of flooded) {
        const { json } = await ask(app, 'POST /heartbeat', {});
        const { sessionId } = json as { sessionId: string };
        const beat = callOf('POST /heartbeat', { body: JSON.stringify({ sessionId, seq: 1 }) });
        for (let count = 0; count < 2; count += 1) await call(app.url, beat);
        const before = app.writes.count;
        const refused = await Promise.all(Array.from({ length: 20 }, () => call(app.url, beat)));
        for (const answered of refused) {
          isRefusal(answered);
          expect([answered.status, answered.headers['retry-after']]).toEqual([429, '30']);
        }
        expect(app.writes.count).toBe(before);
        const other = await ask(app, 'POST /heartbeat', {}, { 'x-user': 'ben' });
        expect(other.status).toBe(200);
      }
    } finally {
      await Promise.all(flooded.map((app) => app.close()));
    }
  });
});

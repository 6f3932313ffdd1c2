import { Readable } from 'node:stream';
import { DEFAULT_POLICY } from '@presence/core';
import { createSeededRandom, createVirtualClock } from '@presence/core/testing';
import type { HeartbeatResponse } from '@presence/core/protocol';
import { describe, expect, it, vi } from 'vitest';
import { createPresence } from '../presence.ts';
import { memoryStore } from '../stores/memory/memory-store.ts';
import type { PresenceOptions, Principal } from '../types.ts';
import { readBody } from './read-body.ts';
import type { HttpRequest } from './types.ts';

type Raw = Principal | null;

interface Asked {
  readonly as?: Raw;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly address?: string;
}

const requestOf = (line: string, asked: Asked): HttpRequest<Raw> => {
  const [method = '', target = ''] = line.split(' ');
  const [path = '', query = ''] = target.split('?');
  const text = typeof asked.body === 'string' ? asked.body : JSON.stringify(asked.body);
  const headers: Record<string, string> = {
    host: 'app.example',
    ...(asked.body !== undefined && { 'content-type': 'application/json' }),
    ...asked.headers,
  };
  return {
    method,
    path,
    query,
    header: (name) => headers[name],
    body:
      asked.body === undefined
        ? null
        : { kind: 'stream', read: (most) => readBody(Readable.from([Buffer.from(text)]), most) },
    address: asked.address ?? '192.0.2.1',
    raw: asked.as === undefined ? { userId: 'ada' } : asked.as,
  };
};

const setup = (options: Partial<PresenceOptions<Raw>> = {}) => {
  const clock = createVirtualClock();
  const store = memoryStore({ clock });
  const error = vi.fn();
  const logger = { debug: () => {}, info: () => {}, warn: () => {}, error };
  const presence = createPresence<Raw>({
    authenticate: (raw) => raw,
    store,
    logger,
    ...options,
    testing: { clock, random: createSeededRandom(1) },
  });
  const ask = async (line: string, asked: Asked = {}) => {
    const answer = await presence.handle(requestOf(line, asked));
    return { ...answer, json: answer.body === null ? null : (JSON.parse(answer.body) as unknown) };
  };
  const beat = async (body: unknown = {}, asked: Asked = {}) => {
    const answer = await ask('POST /heartbeat', { body, ...asked });
    return { ...answer, json: answer.json as HeartbeatResponse };
  };
  return { clock, presence, ask, beat, error };
};

const code = (expected: string) => ({ error: { code: expected, message: expect.any(String) } });

describe('POST /heartbeat', () => {
  it('L3: opens a session, visible to reads at once', async () => {
    const { clock, ask, beat } = setup();
    const opened = await beat({ device: 'web' });
    expect(opened.status).toBe(200);
    expect(opened.json).toMatchObject({
      userId: 'ada',
      status: 'online',
      version: clock.now(),
      nextBeatMs: 30_000,
      leaseMs: 120_000,
      asOf: clock.now(),
      leaveToken: expect.any(String),
      policy: { heartbeatMs: 30_000, staleAfterMs: 60_000 },
    });
    const seen = await ask('GET /users/ada', { as: { userId: 'bob' } });
    expect(seen.json).toMatchObject({ status: 'online', devices: ['web'] });
  });

  it('S2: beats keep the user online for the promised lease, hidden pages longer', async () => {
    const { clock, presence, beat } = setup();
    const { sessionId } = (await beat()).json;
    await clock.advance(110_000);
    const steady = await beat({ sessionId, seq: 1 });
    expect(Object.keys(steady.json)).toEqual(
      'sessionId userId status version nextBeatMs leaseMs asOf'.split(' '),
    );
    await clock.advance(119_000);
    expect((await presence.get('ada')).status).toBe('online');
    const hidden = await beat({ sessionId, seq: 2, hidden: true });
    expect(hidden.json).toMatchObject({ nextBeatMs: 60_000, leaseMs: 135_000 });
    await clock.advance(134_000);
    expect((await presence.get('ada')).status).toBe('online');
    await clock.advance(1000);
    expect((await presence.get('ada')).status).toBe('offline');
  });

  it('S12: an unknown session id, or somebody else’s, never creates a session', async () => {
    const { presence, beat } = setup();
    const { sessionId } = (await beat()).json;
    for (const seq of [undefined, 0, 1]) {
      const other = await beat({ sessionId, seq }, { as: { userId: 'bob' } });
      expect([other.status, other.json]).toEqual([409, code('session_gone')]);
      const unknown = await beat({ sessionId: 'nobody', seq });
      expect(unknown.status).toBe(409);
    }
    expect((await presence.explain('ada')).sessions).toHaveLength(1);
    expect((await presence.explain('bob')).sessions).toHaveLength(0);
  });

  it('resumes with sequence number 0, with a token of its own', async () => {
    const { presence, beat, ask } = setup();
    const first = (await beat()).json;
    const again = (await beat({ sessionId: first.sessionId, seq: 0 })).json;
    expect(again.sessionId).toBe(first.sessionId);
    const { sessionId } = first;
    const leave = (leaveToken: string | undefined) =>
      ask('POST /leave', { as: null, body: { sessionId, leaveToken, reason: 'signed-out' } });
    expect((await leave(first.leaveToken)).status).toBe(204);
    expect((await presence.get('ada')).status).toBe('online');
    expect((await leave(again.leaveToken)).status).toBe(204);
    expect((await presence.get('ada')).status).toBe('offline');
  });

  it('without numbers it is a beat while the session lives, and a return after its page closed', async () => {
    const { clock, presence, ask, beat } = setup();
    const { sessionId } = (await beat()).json;
    expect((await beat({ sessionId })).json).not.toHaveProperty('leaveToken');
    await ask('POST /leave', { body: { sessionId, reason: 'closed' } });
    await clock.advance(4000);
    expect((await beat({ sessionId })).json).toHaveProperty('leaveToken');
    await clock.advance(10_000);
    expect((await presence.get('ada')).status).toBe('online');
  });

  it('S16: saying "still idle" without a duration is not activity', async () => {
    const { clock, presence, beat } = setup();
    const { sessionId } = (await beat()).json;
    await clock.advance(1000);
    const idleAt = clock.now();
    await beat({ sessionId, seq: 1, activity: 'idle' });
    await clock.advance(60_000);
    expect((await beat({ sessionId, seq: 2, activity: 'idle' })).json.status).toBe('away');
    expect((await presence.get('ada')).lastActiveAt).toBe(idleAt);
    for (let seq = 3; seq < 40; seq += 1) {
      await clock.advance(60_000);
      await beat({ sessionId, seq, activity: 'idle' });
    }
    expect((await presence.get('ada')).status).toBe('offline');
  });

  it('shows the user their own status while they are hidden from others', async () => {
    const { ask, beat } = setup();
    const { sessionId } = (await beat()).json;
    await ask('PUT /me/visibility', { body: { visibility: 'hidden' } });
    expect((await beat({ sessionId, seq: 1 })).json.status).toBe('online');
    expect((await ask('GET /users/ada')).json).toMatchObject({ status: 'offline' });
    expect((await ask('GET /me')).json).toMatchObject({
      presence: { status: 'online' },
      visibility: 'hidden',
    });
  });
});

describe('accounts and logins', () => {
  it('S11: the application’s own account state is asked when a session opens, and stored', async () => {
    let account: 'active' | 'suspended' = 'active';
    const { presence, beat } = setup({ sources: { account: async () => account } });
    const { sessionId } = (await beat()).json;
    account = 'suspended';
    expect((await beat({ sessionId, seq: 1 })).status).toBe(200);
    expect([(await beat()).status, (await beat()).json]).toEqual([403, code('account_blocked')]);
    expect((await presence.get('ada')).status).toBe('offline');
    expect((await beat({ sessionId, seq: 2 })).status).toBe(403);
  });

  it('S11: a blocked user gets 403 everywhere', async () => {
    const { presence, ask, beat } = setup();
    const { sessionId } = (await beat()).json;
    await presence.setAccount('ada', 'banned');
    const calls: [string, unknown?][] = [
      ['POST /heartbeat', { sessionId, seq: 1 }],
      ['POST /heartbeat', {}],
      ['GET /me'],
      ['PUT /me/status', { status: 'busy' }],
      ['DELETE /me/status'],
      ['PUT /me/visibility', { visibility: 'hidden' }],
      ['GET /users/bob'],
      ['POST /users/query', { userIds: ['bob'] }],
      ['GET /online'],
      ['GET /online/count'],
      ['POST /ticket', {}],
      ['POST /leave', { sessionId, reason: 'closed' }],
    ];
    for (const [line, body] of calls) {
      const { status, json } = await ask(line, { body });
      expect([line, status, json]).toEqual([line, 403, code('account_blocked')]);
    }
  });

  it('L9: a login from before a sign-out everywhere gets 401, a new one does not', async () => {
    const { clock, presence, ask } = setup();
    const issuedAt = clock.now() - 1;
    await presence.signOut('ada');
    for (const line of ['GET /me', 'POST /heartbeat', 'POST /ticket', 'GET /users/x']) {
      const old = await ask(line, { as: { userId: 'ada', issuedAt } });
      expect([old.status, old.json]).toEqual([401, code('signed_out')]);
      const fresh = await ask(line, { as: { userId: 'ada', issuedAt: clock.now() + 1 } });
      expect(fresh.status).toBe(200);
    }
  });

  it('nobody is 401; a wrong principal is the application’s mistake, and told to its log only', async () => {
    const { ask, error } = setup();
    expect(await ask('GET /me', { as: null })).toMatchObject({
      status: 401,
      json: code('unauthenticated'),
    });
    const wrong = await ask('GET /me', { as: { userId: 42 } as never });
    expect([wrong.status, wrong.json]).toEqual([500, code('internal')]);
    expect(wrong.body).not.toContain('userId');
    expect(error).toHaveBeenCalledWith(
      { err: expect.objectContaining({ code: 'invalid_options' }) },
      expect.any(String),
    );
  });

  it('what the application’s code throws is logged and says nothing', async () => {
    const { ask, error } = setup({
      authenticate: () => Promise.reject(new Error('password of the database is hunter2')),
    });
    const answer = await ask('GET /me');
    expect([answer.status, answer.json]).toEqual([500, code('internal')]);
    expect(answer.body).not.toContain('hunter2');
    expect(error).toHaveBeenCalledTimes(1);
  });
});

describe('POST /leave', () => {
  it('L2: a closed page is seen after its grace only', async () => {
    const { clock, presence, ask, beat } = setup();
    const { sessionId, leaveToken } = (await beat()).json;
    const body = JSON.stringify({ sessionId, leaveToken, reason: 'closed' });
    const headers = { 'content-type': 'text/plain;charset=UTF-8', cookie: 'a=b' };
    const left = await ask('POST /leave', { as: null, headers, body });
    expect([left.status, left.body]).toEqual([204, null]);
    await clock.advance(4999);
    expect((await presence.get('ada')).status).toBe('online');
    await clock.advance(1);
    expect((await presence.get('ada')).status).toBe('offline');
  });

  it('ends the session of its token and no other', async () => {
    const { presence, ask, beat } = setup();
    const a = (await beat()).json;
    const b = (await beat()).json;
    const mixed = { sessionId: b.sessionId, leaveToken: a.leaveToken, reason: 'closed' };
    const refused = await ask('POST /leave', { as: null, body: mixed });
    expect([refused.status, refused.json]).toEqual([403, code('leave_token_invalid')]);
    await ask('POST /leave', { body: { sessionId: a.sessionId, reason: 'signed-out' } });
    expect((await presence.explain('ada')).sessions.map(({ id }) => id)).toEqual([b.sessionId]);
    await ask('POST /leave', {
      as: { userId: 'bob' },
      body: { sessionId: b.sessionId, reason: 'signed-out' },
    });
    expect((await presence.get('ada')).status).toBe('online');
  });

  it('without a token it needs a login', async () => {
    const { ask } = setup();
    const body = { sessionId: 's', reason: 'closed' };
    expect((await ask('POST /leave', { as: null, body })).status).toBe(401);
    expect((await ask('POST /leave', { body })).status).toBe(204);
  });
});

describe('reads', () => {
  it('S15: nobody sees or reaches another tenant', async () => {
    const { presence, ask, beat } = setup();
    const eve = { userId: 'eve', tenant: 'other' };
    await beat();
    await beat({}, { as: { userId: 'bob' } });
    const first = await ask('GET /online?limit=1');
    expect(first.json).toMatchObject({ presences: [{ userId: 'ada' }] });
    const { nextCursor } = first.json as { nextCursor: string };
    const rest = await ask(`GET /online?limit=1&cursor=${encodeURIComponent(nextCursor)}`);
    expect(rest.json).toMatchObject({ presences: [{ userId: 'bob' }] });
    expect((await ask('GET /online', { as: eve })).json).toMatchObject({ presences: [] });
    const stolen = await ask(`GET /online?cursor=${nextCursor}`, { as: eve });
    expect([stolen.status, stolen.json]).toEqual([400, code('invalid_request')]);
    expect((await ask('GET /users/ada', { as: eve })).json).toMatchObject({ version: 0 });
    expect((await ask('GET /online/count', { as: eve })).json).toMatchObject({ count: 0 });
    expect((await presence.count()).count).toBe(2);
  });

  it('what the viewer may not see is 404, or left out', async () => {
    const { ask, beat } = setup({
      security: {
        authorize: (_viewer, action, { userId }) => action === 'users:read' && userId !== 'ada',
      },
    });
    await beat();
    expect(await ask('GET /users/ada')).toMatchObject({ status: 404, json: code('not_found') });
    expect((await ask('GET /users/bob')).status).toBe(200);
    const found = await ask('POST /users/query', { body: { userIds: ['ada', 'bob', 'bob'] } });
    expect(found.json).toMatchObject({
      presences: [{ userId: 'bob', status: 'offline' }],
      staleAfterMs: 60_000,
    });
    expect((await ask('GET /online')).status).toBe(404);
    expect((await ask('GET /online/count')).status).toBe(404);
  });

  it('S8: a status is set, shown and cleared', async () => {
    const { clock, ask, beat } = setup();
    await beat();
    const claim = { status: 'busy', message: 'Writing', emoji: '✍️', forMs: 60_000 };
    const set = await ask('PUT /me/status', { body: claim });
    expect(set.json).toMatchObject({
      presence: { status: 'busy', message: 'Writing', emoji: '✍️' },
      claims: [{ source: 'user', until: clock.now() + 60_000 }],
    });
    expect((await ask('DELETE /me/status')).json).toMatchObject({ claims: [] });
    expect((await ask('PUT /me/status', { body: { status: 'offline' } })).status).toBe(400);
  });
});

describe('the table', () => {
  it('says 404 and 405 with Allow, answers HEAD as GET and OPTIONS with Allow', async () => {
    const { ask } = setup();
    expect(await ask('GET /nothing')).toMatchObject({ status: 404, json: code('not_found') });
    for (const path of ['/', '/me/', '/users/ada/', '/online/']) {
      expect((await ask(`GET ${path}`)).status).toBe(path === '/' ? 404 : 200);
    }
    for (const path of ['/constructor', '//me', '/me//', '/ME', '/users/', '/users/a/b', '']) {
      expect([path, (await ask(`GET ${path}`)).status]).toEqual([path, 404]);
    }
    const wrong = await ask('DELETE /me');
    expect([wrong.status, wrong.headers['allow']]).toEqual([405, 'GET, HEAD, OPTIONS']);
    expect((await ask('HEAD /me')).status).toBe(200);
    const asked = await ask('OPTIONS /me/status', { as: null });
    expect([asked.status, asked.headers['allow']]).toEqual([204, 'DELETE, OPTIONS, PUT']);
  });

  it('takes ids of any characters in the path, and refuses broken encodings', async () => {
    const { ask } = setup();
    for (const userId of ['a/b', 'ü', 'a%2Fb', '用户', 'query', '.', '__proto__']) {
      const { status, json } = await ask(`GET /users/${encodeURIComponent(userId)}`);
      expect([status, (json as { userId: string }).userId]).toEqual([200, userId]);
    }
    for (const id of ['%', '%ff', '%ED%A0%80', '%00', 'a'.repeat(129)]) {
      expect((await ask(`GET /users/${id}`)).json).toEqual(code('invalid_request'));
    }
  });

  it('never lets anything be cached or sniffed', async () => {
    const { ask } = setup();
    for (const line of ['GET /me', 'GET /nothing', 'PUT /heartbeat']) {
      expect((await ask(line)).headers).toMatchObject({
        'content-type': 'application/json; charset=utf-8',
        'cache-control': 'no-store',
        'x-content-type-options': 'nosniff',
      });
    }
  });

  it('refuses writes with cookies from other origins, and lets their reads be', async () => {
    const { ask } = setup();
    const headers = { cookie: 'a=b', origin: 'https://evil.example' };
    for (const line of ['POST /heartbeat', 'POST /ticket', 'PUT /me/status', 'DELETE /me/status']) {
      const { status, json } = await ask(line, { headers, body: {} });
      expect([line, status, json]).toEqual([line, 403, code('origin_refused')]);
    }
    const left = await ask('POST /leave', { headers, body: { sessionId: 's', reason: 'closed' } });
    expect(left.json).toEqual(code('origin_refused'));
    expect((await ask('GET /me', { headers })).status).toBe(200);
    expect((await ask('POST /ticket', { headers: { origin: headers.origin } })).status).toBe(200);
  });

  it('refuses new sessions and tickets while draining, and keeps the others', async () => {
    const { presence, ask, beat } = setup();
    const { sessionId } = (await beat()).json;
    await presence.drain();
    for (const refused of [await beat(), await ask('POST /ticket', { body: {} })]) {
      expect([refused.status, refused.json]).toEqual([503, code('draining')]);
      expect(refused.headers['retry-after']).toBe('1');
    }
    expect((await beat({ sessionId, seq: 1 })).status).toBe(200);
    expect((await ask('GET /me')).status).toBe(200);
  });
});

describe('limits', () => {
  const limits = (given: NonNullable<PresenceOptions['security']>['limits'] = {}) =>
    setup({ security: { limits: given } });

  it('hold a session to its beats, and write nothing beyond them', async () => {
    const { clock, presence, beat } = limits({ beatsPerMinute: 3 });
    const { sessionId } = (await beat()).json;
    for (let seq = 1; seq <= 3; seq += 1) await beat({ sessionId, seq });
    const { revision } = (await presence.explain('ada')).transitions.at(-1) ?? {};
    const refused = await beat({ sessionId, seq: 4, activity: 'idle' });
    expect([refused.status, refused.json]).toEqual([429, code('rate_limited')]);
    expect(refused.headers['retry-after']).toBe('20');
    expect((await presence.explain('ada')).transitions.at(-1)?.revision).toBe(revision);
    expect((await beat({}, { as: { userId: 'bob' } })).status).toBe(200);
    await clock.advance(20_000);
    expect((await beat({ sessionId, seq: 5 })).status).toBe(200);
  });

  it('hold a user to the beats of all their sessions, however they name them', async () => {
    const { beat } = limits({ beatsPerMinute: 1 });
    const most = DEFAULT_POLICY.maxSessions;
    for (let index = 0; index < most; index += 1)
      await beat({ sessionId: `made up ${index}`, seq: 1 });
    expect((await beat({ sessionId: 'one more', seq: 1 })).status).toBe(429);
    expect((await beat()).status).toBe(429);
  });

  it('count tickets and queries apart', async () => {
    const { ask } = limits({ ticketsPerMinute: 1, queriesPerMinute: 2 });
    const statuses = async (line: string) => (await ask(line)).status;
    expect([await statuses('POST /ticket'), await statuses('POST /ticket')]).toEqual([200, 429]);
    expect([await statuses('GET /me'), await statuses('GET /online')]).toEqual([200, 200]);
    expect(await statuses('DELETE /me/status')).toBe(429);
  });

  it('hold an address, before anything is known of the request', async () => {
    const { ask } = limits({ perAddressPerMinute: 2 });
    const from = (address: string) => ask('GET /nothing', { as: null, address });
    expect((await from('2001:db8::1')).status).toBe(404);
    expect((await from('2001:db8::2')).status).toBe(404);
    expect((await from('2001:db8::3')).status).toBe(429);
    expect((await from('2001:db8:0:1::3')).status).toBe(404);
  });
});

import { DEFAULT_POLICY, PresenceError } from '@presence/core';
import { describe, expect, it } from 'vitest';
import { createAskedNode } from '../testing/asked-node.ts';
import type { PresenceOptions } from '../types.ts';

const code = (expected: string) => ({ error: { code: expected, message: expect.any(String) } });

describe('reads', () => {
  it('S15: nobody sees or reaches another tenant', async () => {
    const { presence, ask, beat } = createAskedNode();
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
    const { ask, beat } = createAskedNode({
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
    const { clock, ask, beat } = createAskedNode();
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
    const { ask } = createAskedNode();
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
    const { ask } = createAskedNode();
    for (const userId of ['a/b', 'ü', 'a%2Fb', '用户', 'query', '.', '__proto__']) {
      const { status, json } = await ask(`GET /users/${encodeURIComponent(userId)}`);
      expect([status, (json as { userId: string }).userId]).toEqual([200, userId]);
    }
    for (const id of ['%', '%ff', '%ED%A0%80', '%00', 'a'.repeat(129)]) {
      expect((await ask(`GET /users/${id}`)).json).toEqual(code('invalid_request'));
    }
  });

  it('never lets anything be cached or sniffed', async () => {
    const { ask } = createAskedNode();
    for (const line of ['GET /me', 'GET /nothing', 'PUT /heartbeat']) {
      expect((await ask(line)).headers).toMatchObject({
        'content-type': 'application/json; charset=utf-8',
        'cache-control': 'no-store',
        'x-content-type-options': 'nosniff',
      });
    }
  });

  it('refuses writes with cookies from other origins, and lets their reads be', async () => {
    const { ask } = createAskedNode();
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
    const { presence, ask, beat } = createAskedNode();
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

describe('a store that does not do it', () => {
  const ADVICE = '[presence/sql] There are no tables. Run migrate(db).';
  const refusing = (message: string, cause?: unknown) =>
    createAskedNode({ admin: true, security: { authorize: () => true } }, (store) => ({
      ...store,
      load: () => {
        throw new PresenceError('store_unavailable', message, { cause, retryAfterMs: 2000 });
      },
    }));

  it('is 503 without a word of what the operator has to do, which the log has', async () => {
    const { ask, clock, errors, presence } = refusing(ADVICE, new Error('relation is not there'));
    const lines = ['POST /heartbeat', 'GET /users/bob', 'PUT /me/status', 'GET /admin/users/bob'];
    for (const line of lines) {
      const body = { 'POST /heartbeat': {}, 'PUT /me/status': { status: 'busy' } }[line];
      const answer = await ask(line, { body });
      expect([line, answer.status, answer.headers['retry-after']]).toEqual([line, 503, '2']);
      expect(answer.json).toEqual({
        error: {
          code: 'store_unavailable',
          message: 'Presence is not available right now. Try again later.',
        },
      });
    }
    // Said for the outage, and not for each who meets it.
    const said = { err: expect.objectContaining({ message: ADVICE, cause: expect.any(Error) }) };
    expect(errors).toEqual([{ ...said, unsaid: 0 }]);
    await clock.advance(10_000);
    await ask('GET /users/bob');
    expect(errors.at(-1)).toEqual({ ...said, unsaid: lines.length - 1 });
    await presence.close();
  });

  it('says what is meant for whoever asked', async () => {
    const { ask } = refusing('Too many writers at once. Try again later.');
    expect((await ask('GET /users/bob')).json).toEqual({
      error: { code: 'store_unavailable', message: 'Too many writers at once. Try again later.' },
    });
  });
});

describe('limits', () => {
  const limits = (given: NonNullable<PresenceOptions['security']>['limits'] = {}) =>
    createAskedNode({ security: { limits: given } });

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

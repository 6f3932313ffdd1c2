import type { Account } from '@presence/core';
import { describe, expect, it, vi } from 'vitest';
import { createAskedNode } from '../testing/asked-node.ts';

const code = (expected: string) => ({ error: { code: expected, message: expect.any(String) } });

describe('POST /heartbeat', () => {
  it('L3: opens a session, visible to reads at once', async () => {
    const { clock, ask, beat } = createAskedNode();
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
    const { clock, presence, beat } = createAskedNode();
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
    const { presence, beat } = createAskedNode();
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
    const { presence, beat, ask } = createAskedNode();
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
    const { clock, presence, ask, beat } = createAskedNode();
    const { sessionId } = (await beat()).json;
    expect((await beat({ sessionId })).json).not.toHaveProperty('leaveToken');
    await ask('POST /leave', { body: { sessionId, reason: 'closed' } });
    await clock.advance(4000);
    expect((await beat({ sessionId })).json).toHaveProperty('leaveToken');
    await clock.advance(10_000);
    expect((await presence.get('ada')).status).toBe('online');
  });

  it('S12: a beat that names the connection before never takes the session back', async () => {
    const { ask, beat } = createAskedNode();
    const { sessionId, generation } = (await beat()).json;
    const next = (await beat({ sessionId, seq: 0 })).json;
    expect((await beat({ sessionId, generation })).status).toBe(409);
    expect((await beat({ sessionId, generation, seq: 9 })).status).toBe(409);
    const steady = await beat({ sessionId, generation: next.generation, seq: 1 });
    expect(steady.status).toBe(200);
    await ask('POST /leave', { body: { sessionId, reason: 'closed' } });
    expect((await beat({ sessionId, generation: next.generation })).status).toBe(409);
  });

  it('S16: saying "still idle" without a duration is not activity', async () => {
    const { clock, presence, beat } = createAskedNode();
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
    const { ask, beat } = createAskedNode();
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
    let account: Account = 'active';
    const { presence, beat } = createAskedNode({ sources: { account: async () => account } });
    const { sessionId } = (await beat()).json;
    account = 'suspended';
    expect((await beat({ sessionId, seq: 1 })).status).toBe(200);
    expect([(await beat()).status, (await beat()).json]).toEqual([403, code('account_blocked')]);
    expect((await presence.get('ada')).status).toBe('offline');
    expect((await beat({ sessionId, seq: 2 })).status).toBe(403);
    account = 'active';
    expect((await beat()).status).toBe(200);
  });

  it('S11: is asked as well when a login or a request brings somebody who is not there', async () => {
    const account = vi.fn((): Account => 'suspended');
    const { clock, presence } = createAskedNode({ sources: { account } });
    const blocked = { code: 'account_blocked' };
    await expect(presence.signIn('ada')).rejects.toMatchObject(blocked);
    await expect(presence.touch({ userId: 'ada' })).rejects.toMatchObject(blocked);
    expect((await presence.get('ada')).status).toBe('offline');
    account.mockReturnValue('active');
    await presence.touch({ userId: 'ada' });
    expect((await presence.get('ada')).status).toBe('online');
    // Who is there already is not asked about again with each request.
    const calls = account.mock.calls.length;
    await presence.touch({ userId: 'ada' });
    await clock.advance(60_000);
    await presence.touch({ userId: 'ada' });
    expect(account.mock.calls.length).toBe(calls);
  });

  it('S11: an answer that is older than a block does not undo it', async () => {
    let answer: (account: Account) => void = () => undefined;
    const account = () => new Promise<Account>((resolve) => (answer = resolve));
    const asked = vi.fn(account);
    const { presence, beat } = createAskedNode({ sources: { account: asked } });
    const opening = beat();
    await vi.waitUntil(() => asked.mock.calls.length > 0);
    await presence.setAccount('ada', 'banned');
    answer('active');
    expect((await opening).status).toBe(403);
    expect((await presence.me('ada')).account).toBe('banned');
  });

  it('S11: a source that fails or makes no sense lets nobody in', async () => {
    for (const account of [() => Promise.reject(new Error('down')), () => 'fine' as Account]) {
      const { presence, beat, errors } = createAskedNode({ sources: { account } });
      expect([(await beat()).status, errors.length]).toEqual([500, 1]);
      expect((await presence.get('ada')).status).toBe('offline');
    }
  });

  it('S11: a blocked user gets 403 everywhere', async () => {
    const { presence, ask, beat } = createAskedNode();
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
    const { clock, presence, ask } = createAskedNode();
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
    const { ask, errors } = createAskedNode();
    expect(await ask('GET /me', { as: null })).toMatchObject({
      status: 401,
      json: code('unauthenticated'),
    });
    const wrong = await ask('GET /me', { as: { userId: 42 } as never });
    expect([wrong.status, wrong.json]).toEqual([500, code('internal')]);
    expect(wrong.body).not.toContain('userId');
    expect(errors).toEqual([{ err: expect.objectContaining({ code: 'invalid_options' }) }]);
  });

  it('what the application’s code throws is logged and says nothing', async () => {
    const { ask, errors } = createAskedNode({
      authenticate: () => Promise.reject(new Error('password of the database is hunter2')),
    });
    const answer = await ask('GET /me');
    expect([answer.status, answer.json]).toEqual([500, code('internal')]);
    expect(answer.body).not.toContain('hunter2');
    expect(errors).toHaveLength(1);
  });
});

describe('POST /leave', () => {
  it('L2: a closed page is seen after its grace only', async () => {
    const { clock, presence, ask, beat } = createAskedNode();
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
    const { presence, ask, beat } = createAskedNode();
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
    const { ask } = createAskedNode();
    const body = { sessionId: 's', reason: 'closed' };
    expect((await ask('POST /leave', { as: null, body })).status).toBe(401);
    expect((await ask('POST /leave', { body })).status).toBe(204);
  });
});

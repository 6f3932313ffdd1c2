import { describe, expect, it } from 'vitest';
import type { PresenceError } from '@presence/core';
import { createWorld, type World } from './testing/world.ts';

const connected = async (world: World, options = {}) => {
  const page = world.open(options);
  await world.clock.advance(10);
  expect(page.client.getConnection().status).toBe('connected');
  return page;
};

describe('a link that is lost', () => {
  it('L2: resumes the session when the socket broke', async () => {
    const world = createWorld();
    const { client } = await connected(world);
    const [sessionId] = world.server.sessions.keys();
    world.server.closeSockets(1006);
    await world.settle();
    expect(client.getConnection()).toMatchObject({ status: 'reconnecting', transport: null });
    await world.clock.advance(1000);
    expect(client.getConnection().status).toBe('connected');
    expect([...world.server.sessions.keys()]).toEqual([sessionId]);
  });

  it('S18: keeps rows for staleAfterMs, then they are unknown and keep their age', async () => {
    const world = createWorld();
    const { client } = await connected(world);
    world.server.set('ada', { status: 'online' });
    client.watch(['ada']);
    client.watchOnline();
    await world.clock.advance(10);
    const asOf = client.getPresence('ada').asOf;
    expect(asOf).not.toBeNull();
    world.browser.goOffline();
    await world.clock.advance(59_000);
    expect(client.getPresence('ada').status).toBe('online');
    expect(client.getOnline().synced).toBe(true);
    await world.clock.advance(2000);
    expect(client.getPresence('ada')).toMatchObject({ status: 'unknown', since: null, asOf });
    expect(client.getMe().status).toBe('unknown');
    expect(client.getOnline().synced).toBe(false);
    world.server.set('ada', { status: 'busy' });
    world.browser.goOnline();
    await world.clock.advance(10);
    expect(client.getPresence('ada').status).toBe('busy');
    expect(client.getMe().status).toBe('online');
    expect(client.getOnline().synced).toBe(true);
  });

  it('S18: a machine that slept shows unknown until it has asked', async () => {
    const world = createWorld();
    const { client } = await connected(world);
    world.server.set('ada', { status: 'online' });
    client.watch(['ada']);
    await world.clock.advance(10);
    world.browser.sleep();
    await world.clock.advance(3_600_000);
    world.server.set('ada', { status: 'offline' });
    const seen: string[] = [];
    client.on('presence', ({ status }) => seen.push(status));
    world.browser.wake();
    await world.clock.advance(100);
    expect(seen).toEqual(['unknown', 'offline']);
    expect(client.getConnection().status).toBe('connected');
  });

  it('L1: notices a silent link within 70 s while somebody is watched and the page is used', async () => {
    const world = createWorld();
    const { client, tab } = await connected(world);
    client.watch(['ada']);
    await world.clock.advance(10);
    world.browser.goOffline('silently');
    for (let second = 0; second < 90; second += 10) {
      tab.input();
      await world.clock.advance(10_000);
    }
    expect(client.getConnection().status).toBe('reconnecting');
    expect(client.getPresence('ada').status).toBe('unknown');
    world.browser.goOnline();
    await world.clock.advance(60_000);
    expect(client.getConnection().status).toBe('connected');
    expect(client.getPresence('ada').status).toBe('offline');
  });

  it('asks a link that was quiet when the page becomes visible', async () => {
    const world = createWorld();
    const { client, tab } = await connected(world);
    client.watch(['ada']);
    tab.hide();
    await world.clock.advance(100_000);
    world.browser.goOffline('silently');
    tab.show();
    await world.clock.advance(10_500);
    expect(client.getConnection().status).toBe('reconnecting');
  });

  it('S18: an offline event ends the link at once', async () => {
    const world = createWorld();
    const { client } = await connected(world);
    world.browser.goOffline();
    await world.settle();
    expect(client.getConnection()).toMatchObject({
      status: 'reconnecting',
      error: { code: 'network' },
    });
  });

  it('L8: comes back after a jittered delay when the server asks it to, without a goodbye', async () => {
    const world = createWorld();
    const { client } = await connected(world);
    const [sessionId] = world.server.sessions.keys();
    world.server.say({ type: 'reconnect', afterMs: 10_000 });
    await world.settle();
    expect(client.getConnection()).toMatchObject({ status: 'reconnecting', error: null });
    await world.clock.advance(10_000);
    expect(client.getConnection().status).toBe('connected');
    expect([...world.server.sessions.keys()]).toEqual([sessionId]);
    expect(world.server.frames.some(({ frame }) => frame.type === 'bye')).toBe(false);
  });

  it('L7: backs off with full jitter while the server is away, at most 30 s', async () => {
    const world = createWorld();
    const { client } = await connected(world);
    world.server.refuse('/ticket', { status: 500 });
    world.server.closeSockets(1006);
    const before = world.server.requests.length;
    await world.clock.advance(600_000);
    const asked = world.server.requests.length - before;
    expect(asked).toBeGreaterThan(20);
    expect(asked).toBeLessThan(120);
    world.server.refuse('/ticket', null);
    await world.clock.advance(30_000);
    expect(client.getConnection().status).toBe('connected');
  });
});

describe('what happens while it connects', () => {
  it('input during the login is told afterwards', async () => {
    const world = createWorld();
    const { client, tab } = await connected(world);
    await world.clock.advance(301_000);
    expect(client.getMe().status).toBe('away');
    world.server.slow(3000);
    world.server.closeSockets(1006);
    await world.clock.advance(2000);
    const { frame } = world.server.frames.at(-1)!;
    expect(frame).toMatchObject({ type: 'hello', idleMs: expect.any(Number) });
    tab.input();
    await world.clock.advance(9000);
    expect(client.getMe().status).toBe('online');
  });

  it('an old refusal of a command does not explain a broken link', async () => {
    const world = createWorld();
    const { client } = await connected(world);
    world.server.refuseFrames('status', { code: 'forbidden', retryable: false });
    const refused = client.setStatus('busy').catch((error: { code: string }) => error.code);
    await world.clock.advance(10);
    expect(await refused).toBe('forbidden');
    world.server.closeSockets(4429);
    await world.clock.advance(20_000);
    expect(client.getConnection().status).toBe('connected');
  });

  it('a server that cannot take the login is not taken for one without sockets', async () => {
    const world = createWorld();
    world.server.refuseFrames('hello', { code: 'store_unavailable', retryable: true });
    const { client } = world.open();
    await world.clock.advance(60_000);
    expect(client.getConnection()).toMatchObject({
      status: 'connecting',
      error: { code: 'store_unavailable' },
    });
    world.server.refuseFrames('hello', null);
    await world.clock.advance(31_000);
    expect(client.getConnection()).toMatchObject({ status: 'connected', transport: 'websocket' });
  });
});

describe('a refusal', () => {
  const outcomes = [
    [4400, 'invalid_frame', 'stopped'],
    [4403, 'account_blocked', 'stopped'],
    [4401, 'signed_out', 'stopped'],
    [4401, 'ticket_invalid', 'connected'],
    [4408, 'hello_timeout', 'connected'],
    [4409, 'session_gone', 'connected'],
    [4409, 'session_replaced', 'connected'],
    [4429, 'rate_limited', 'connected'],
    [4008, 'too_slow', 'connected'],
  ] as const;
  it.each(outcomes)('%i %s ends %s', async (code, reason, status) => {
    const world = createWorld();
    const { client } = await connected(world);
    const errors: PresenceError[] = [];
    client.on('error', (error) => errors.push(error));
    world.server.closeSockets(code, reason);
    await world.clock.advance(20_000);
    expect(client.getConnection().status).toBe(status);
    if (status === 'stopped') {
      expect(client.getConnection().error?.code).toBe(reason);
      expect(errors.map((error) => error.code)).toEqual([reason]);
      expect(client.getMe().status).toBe('unknown');
      client.start();
      await world.clock.advance(10);
      expect(client.getConnection().status).toBe('connected');
    }
  });

  it('S12: a session that is gone is replaced by a new one', async () => {
    const world = createWorld();
    const { client } = await connected(world);
    const [before] = world.server.sessions.keys();
    world.server.forgetSessions();
    world.server.closeSockets(1006);
    await world.clock.advance(2000);
    expect(client.getConnection().status).toBe('connected');
    expect(world.server.sessions.has(before!)).toBe(false);
    expect(world.server.sessions.size).toBe(1);
  });

  it('waits as long as Retry-After says, whatever happens meanwhile', async () => {
    const world = createWorld();
    world.server.refuse('/ticket', { status: 429, code: 'rate_limited', retryAfterSeconds: 20 });
    const { tab, client } = world.open();
    await world.clock.advance(10);
    world.server.refuse('/ticket', null);
    tab.hide();
    tab.show();
    await world.clock.advance(19_000);
    expect(client.getConnection()).toMatchObject({
      status: 'connecting',
      error: { code: 'rate_limited' },
    });
    await world.clock.advance(3000);
    expect(client.getConnection().status).toBe('connected');
  });

  it('gives up after a few logins that nobody accepts', async () => {
    const world = createWorld();
    world.server.refuse('/ticket', { status: 401 });
    const { client } = world.open();
    await world.clock.advance(60_000);
    expect(client.getConnection()).toMatchObject({
      status: 'stopped',
      error: { code: 'unauthenticated' },
    });
    expect(world.server.requests).toHaveLength(4);
  });

  it('S15: another user than the client was made for is never mixed in', async () => {
    const world = createWorld();
    const { client } = world.open({ userId: 'somebody-else' });
    await world.clock.advance(1000);
    expect(client.getConnection()).toMatchObject({
      status: 'stopped',
      error: { code: 'identity_mismatch' },
    });
    expect(client.getMe().status).toBe('unknown');
  });
});

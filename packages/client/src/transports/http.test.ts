import { describe, expect, it } from 'vitest';
import { createWorld, type World } from '../testing/world.ts';

const beats = (world: World) =>
  world.server.requests.filter(({ path }) => path === '/heartbeat').map(({ body }) => body);

describe('where no socket gets through', () => {
  it('falls back to heartbeats and queries, with the same session and rows', async () => {
    const world = createWorld();
    world.server.blockSockets(true);
    world.server.set('ada', { status: 'online' });
    const { client } = world.open();
    client.watch(['ada']);
    client.watchOnline();
    await world.clock.advance(3000);
    expect(client.getConnection()).toMatchObject({ status: 'connected', transport: 'http' });
    expect(client.getPresence('ada').status).toBe('online');
    expect(client.getOnline()).toMatchObject({ synced: true, count: 2 });
    expect(client.getMe().status).toBe('online');
    world.server.set('ada', { status: 'busy' });
    await world.clock.advance(31_000);
    expect(client.getPresence('ada').status).toBe('busy');
    expect(beats(world)).toHaveLength(2);
    expect(beats(world)[1]).toMatchObject({ seq: 1, activity: 'active', hidden: false });
    client.watch(['bob']);
    await world.clock.advance(1000);
    expect(client.getPresence('bob').status).toBe('offline');
  });

  it('takes a socket again as soon as one gets through, without a gap', async () => {
    const world = createWorld();
    world.server.blockSockets(true);
    const { client } = world.open();
    await world.clock.advance(3000);
    const [sessionId] = world.server.sessions.keys();
    const seen: unknown[] = [];
    let before = 0;
    client.on('connection', ({ status, transport }) => {
      seen.push([status, transport]);
      before = beats(world).length;
    });
    await world.clock.advance(600_000);
    expect(seen).toEqual([]);
    world.server.blockSockets(false);
    await world.clock.advance(300_000);
    expect(seen).toEqual([['connected', 'websocket']]);
    expect([...world.server.sessions.keys()]).toEqual([sessionId]);
    await world.clock.advance(300_000);
    expect(beats(world)).toHaveLength(before);
  });

  it('beats once a minute while hidden, says so, and nobody is unknown for it', async () => {
    const world = createWorld();
    const { client, tab } = world.open({ transport: 'http' });
    client.watch(['ada']);
    await world.clock.advance(10);
    const seen: string[] = [];
    client.on('presence', ({ status }) => seen.push(status));
    tab.hide();
    await world.clock.advance(1_200_000);
    expect(seen).toEqual([]);
    const hidden = beats(world).filter((beat) => (beat as { hidden: boolean }).hidden);
    expect(hidden.length).toBeGreaterThan(9);
    expect(world.server.sessions.size).toBe(1);
  });

  it('commands go to the routes', async () => {
    const world = createWorld();
    const { client } = world.open({ transport: 'http' });
    await world.clock.advance(10);
    const set = client.setStatus('busy', { message: 'hm' });
    await world.clock.advance(10);
    await set;
    expect(client.getMe()).toMatchObject({ status: 'busy', message: 'hm' });
    world.server.refuse('/me/status', { status: 400, code: 'invalid_request' });
    const refused = client.setStatus('away').catch((error: { code: string }) => error.code);
    await world.clock.advance(10);
    expect(await refused).toBe('invalid_request');
    expect(client.getConnection().status).toBe('connected');
  });

  it('S12: a session that is gone is replaced by a new one', async () => {
    const world = createWorld();
    const { client } = world.open({ transport: 'http' });
    await world.clock.advance(10);
    world.server.forgetSessions();
    await world.clock.advance(40_000);
    expect(client.getConnection().status).toBe('connected');
    expect(world.server.sessions.size).toBe(1);
  });

  it('L2: says goodbye by a beacon', async () => {
    const world = createWorld();
    const { tab } = world.open({ transport: 'http' });
    await world.clock.advance(10);
    tab.close();
    await world.clock.advance(6000);
    expect(world.server.requests.at(-1)).toMatchObject({
      path: '/leave',
      body: { reason: 'closed', leaveToken: 'leave-1' },
    });
    expect(world.server.row('me').status).toBe('offline');
  });

  it('S18: unknown when the beats fail for staleAfterMs', async () => {
    const world = createWorld();
    const { client } = world.open({ transport: 'http' });
    client.watch(['ada']);
    await world.clock.advance(10);
    world.browser.goOffline('silently');
    await world.clock.advance(100_000);
    expect(client.getConnection().status).toBe('reconnecting');
    expect(client.getPresence('ada').status).toBe('unknown');
    world.browser.goOnline();
    await world.clock.advance(60_000);
    expect(client.getPresence('ada').status).toBe('offline');
  });
});

import { describe, expect, it } from 'vitest';
import { createWorld } from './testing/world.ts';

describe('a client on a socket', () => {
  it('L3: connects, is online, and sees whom it watches', async () => {
    const { clock, server, open } = createWorld();
    server.set('ada', { status: 'busy', message: 'in a call' });
    const { client } = open();
    client.watch(['ada', 'bob']);
    expect(client.getPresence('ada').status).toBe('unknown');
    await clock.advance(10);
    expect(client.getConnection()).toEqual({
      status: 'connected',
      transport: 'websocket',
      role: 'leader',
      error: null,
    });
    expect(client.getMe().status).toBe('online');
    expect(client.getPresence('ada')).toMatchObject({ status: 'busy', message: 'in a call' });
    expect(client.getPresence('bob')).toMatchObject({ status: 'offline', lastSeenAt: null });
    server.set('bob', { status: 'online' });
    await clock.advance(10);
    expect(client.getPresence('bob').status).toBe('online');
  });

  it('lists everybody who is not offline', async () => {
    const { clock, server, open } = createWorld();
    server.set('bob', { status: 'away' });
    server.set('ada', { status: 'online' });
    server.set('cy', { status: 'offline' });
    const { client } = open();
    const cancel = client.watchOnline();
    expect(client.getOnline().synced).toBe(false);
    await clock.advance(10);
    expect(client.getOnline()).toMatchObject({ synced: true, count: 3 });
    expect(client.getOnline().users.map(({ userId }) => userId)).toEqual(['ada', 'bob', 'me']);
    server.set('ada', { status: 'offline' });
    await clock.advance(10);
    expect(client.getOnline().byStatus).toMatchObject({ online: 1, away: 1, offline: 0 });
    cancel();
    await clock.advance(10);
    expect(client.getOnline()).toMatchObject({ synced: false, count: 0 });
    expect(server.frames.at(-1)?.frame.type).toBe('unwatch');
  });

  it('S3: one row counts for a watched user and for the list alike', async () => {
    const { clock, server, open } = createWorld();
    server.set('ada', { status: 'online' });
    const { client } = open();
    client.watch(['ada']);
    client.watchOnline();
    await clock.advance(10);
    server.set('ada', { status: 'busy' });
    await clock.advance(10);
    expect(client.getPresence('ada').status).toBe('busy');
    expect(client.getOnline().byStatus).toMatchObject({ busy: 1, online: 1 });
  });

  it('S8: sets, clears and refuses the own status', async () => {
    const { clock, server, open } = createWorld();
    const { client } = open();
    await clock.advance(10);
    const set = client.setStatus('busy', { message: 'writing', forMs: 60_000 });
    await clock.advance(10);
    await set;
    expect(client.getMe()).toMatchObject({ status: 'busy', message: 'writing' });
    expect(client.getMe().claims).toEqual([{ source: 'user', status: 'busy', message: 'writing' }]);
    const cleared = client.clearStatus();
    await clock.advance(10);
    await cleared;
    expect(client.getMe()).toMatchObject({ status: 'online', claims: [] });
    server.mute(true);
    const lost = client.setStatus('away').catch((error: { code: string }) => error.code);
    await clock.advance(20_000);
    expect(await lost).toBe('store_unavailable');
  });
});

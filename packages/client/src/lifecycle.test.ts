import { describe, expect, it } from 'vitest';
import type { PresenceError } from '@presence/core';
import { createPresenceClient } from './index.ts';
import { createWorld } from './testing/world.ts';

describe('start and stop', () => {
  it('S20: a thousand times leaves no timer, listener, lock, channel or socket', async () => {
    const world = createWorld();
    const base = world.clock.pending();
    const { tab, client } = world.open();
    client.stop();
    for (let time = 0; time < 1000; time += 1) {
      client.start();
      // Now and then far enough to connect; else as StrictMode does it.
      if (time % 50 === 0) await world.clock.advance(10);
      client.stop();
    }
    await world.clock.advance(20_000);
    expect(world.clock.pending()).toBe(base);
    expect(tab.leftovers()).toEqual({ timers: 0, listeners: 0, sockets: 0 });
    expect(world.browser.leftovers()).toEqual({ locks: 0, channels: 0 });
    expect(world.server.sockets()).toBe(0);
  });

  it('start, stop, start connects once', async () => {
    const world = createWorld();
    const { client } = world.open();
    client.stop();
    client.start();
    client.start();
    await world.clock.advance(1000);
    expect(client.getConnection().status).toBe('connected');
    expect(world.server.requests.filter(({ path }) => path === '/ticket')).toHaveLength(1);
    expect(world.server.sessions.size).toBe(1);
  });

  it('S18: a stopped client knows nothing, and watches go on after the next start', async () => {
    const world = createWorld();
    world.server.set('ada', { status: 'online' });
    const { client } = world.open();
    client.watch(['ada']);
    await world.clock.advance(10);
    client.stop();
    expect(client.getPresence('ada').status).toBe('unknown');
    expect(client.getMe().status).toBe('unknown');
    await expect(client.setStatus('busy')).rejects.toMatchObject({ code: 'invalid_options' });
    client.start();
    await world.clock.advance(10);
    expect(client.getPresence('ada').status).toBe('online');
  });

  it.each([
    ['connecting', true],
    ['connected', true],
    ['reconnecting', true],
    ['connecting', false],
    ['connected', false],
    ['reconnecting', false],
  ] as const)(
    'S20: a listener may stop it when it is %s (tabs shared: %s)',
    async (when, shareTabs) => {
      const world = createWorld();
      const { tab, client } = world.open({ shareTabs });
      client.watch(['ada']);
      client.on('connection', ({ status }) => {
        if (status === when) client.stop();
      });
      await world.clock.advance(10);
      world.server.closeSockets(1006);
      await world.clock.advance(30_000);
      expect(client.getConnection().status).toBe('stopped');
      expect(tab.leftovers()).toEqual({ timers: 0, listeners: 0, sockets: 0 });
      expect(world.browser.leftovers()).toEqual({ locks: 0, channels: 0 });
      expect(world.clock.pending()).toBe(0);
    },
  );

  it('rejects what nobody will answer when it stops', async () => {
    const world = createWorld();
    const { client } = world.open();
    const set = client.setStatus('busy').catch((error: { code: string }) => error.code);
    client.stop();
    expect(await set).toBe('invalid_options');
    expect(world.clock.pending()).toBe(0);
  });

  it('S20: every cancel frees what it was given, twice is as once', async () => {
    const world = createWorld();
    const { client } = world.open();
    await world.clock.advance(10);
    const seen: string[] = [];
    const cancels = [
      client.on('presence', () => seen.push('presence')),
      client.on('me', () => seen.push('me')),
      client.on('connection', () => seen.push('connection')),
      client.on('online', () => seen.push('online')),
      client.subscribe(() => seen.push('any')),
      client.subscribeUser('ada', () => seen.push('ada')),
      client.watch(['ada']),
      client.watchOnline(),
    ];
    for (const cancel of [...cancels, ...cancels]) cancel();
    world.server.set('ada', { status: 'busy' });
    world.server.set('me', { status: 'busy' });
    world.server.closeSockets(1006);
    await world.clock.advance(5000);
    expect(seen).toEqual([]);
  });

  it('a listener that throws disturbs nobody', async () => {
    const world = createWorld();
    const { client } = world.open();
    const errors: PresenceError[] = [];
    const seen: string[] = [];
    client.on('error', () => {
      throw new Error('even here');
    });
    client.on('error', (error) => errors.push(error));
    client.on('presence', () => {
      throw new Error('mine');
    });
    client.on('presence', ({ status }) => seen.push(status));
    client.watch(['ada']);
    await world.clock.advance(10);
    expect(seen).toEqual(['offline']);
    expect(errors).toHaveLength(1);
    expect(errors[0]).toMatchObject({ code: 'internal', cause: new Error('mine') });
  });

  it('a listener that was removed is not called any more, and one that was added not yet', async () => {
    const world = createWorld();
    const { client } = world.open();
    client.watch(['ada']);
    const seen: string[] = [];
    client.on('presence', () => {
      removed();
      client.on('presence', () => seen.push('added'));
    });
    const removed = client.on('presence', () => seen.push('removed'));
    await world.clock.advance(10);
    expect(seen).toEqual([]);
  });

  it('is made where there is no page, and says on start what it lacks', () => {
    const client = createPresenceClient({ url: '/presence' });
    expect(client.getConnection().status).toBe('idle');
    expect(client.getPresence('ada')).toBe(client.getPresence('ada'));
    expect(() => client.start()).toThrow('relative url');
    expect(client.getConnection().status).toBe('idle');
  });

  it('without a user id it keeps the session in memory and shares nothing', async () => {
    const world = createWorld();
    const tab = world.browser.openTab();
    const client = createPresenceClient({ url: 'https://app.test/presence', ...tab.options });
    client.start();
    await world.clock.advance(10);
    expect(client.getMe()).toMatchObject({ userId: 'me', status: 'online' });
    expect(world.browser.storage.size).toBe(0);
    expect(world.browser.leftovers()).toEqual({ locks: 0, channels: 0 });
    world.server.closeSockets(1006);
    await world.clock.advance(1000);
    expect(world.server.sessions.size).toBe(1);
  });
});

describe('snapshots', () => {
  it('S6: are frozen and identical until something visible changes', async () => {
    const world = createWorld();
    world.server.set('ada', { status: 'online' });
    const { client } = world.open();
    client.watch(['ada']);
    client.watchOnline();
    await world.clock.advance(10);
    const before = [
      client.getPresence('ada'),
      client.getMe(),
      client.getOnline(),
      client.getIdle(),
    ];
    for (const snapshot of before) expect(Object.isFrozen(snapshot)).toBe(true);
    let calls = 0;
    client.subscribe(() => (calls += 1));
    client.subscribeUser('ada', () => (calls += 1));
    world.server.set('bob', { status: 'offline' });
    world.server.closeSockets(1006);
    await world.clock.advance(2000);
    // The link was lost and found, and nothing else.
    expect(calls).toBe(2);
    const after = [client.getPresence('ada'), client.getMe(), client.getOnline(), client.getIdle()];
    for (const [index, snapshot] of after.entries()) expect(snapshot).toBe(before[index]);
  });
});

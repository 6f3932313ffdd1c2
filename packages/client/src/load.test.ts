import { describe, expect, it } from 'vitest';
import { PresenceError } from '@presence/core';
import { once, type Loaders } from './load.ts';
import type { PresenceClientOptions } from './types.ts';
import { createWorld, type World } from './testing/world.ts';

/** A tab whose code on demand arrives only once it is let through. */
const openWith = (world: World, name: keyof Loaders) => {
  const loads = { failing: true, tried: 0 };
  const tab = world.browser.openTab();
  const load = async (): Promise<never> => {
    loads.tried += 1;
    if (loads.failing) throw new TypeError('Failed to fetch dynamically imported module');
    return tab.options.testing.load![name]() as Promise<never>;
  };
  const testing: PresenceClientOptions['testing'] = {
    ...tab.options.testing,
    load: { ...tab.options.testing.load!, [name]: load },
  };
  return { loads, ...world.open({ ...tab.options, testing }) };
};

describe('code that is loaded when it is needed', () => {
  it('is not loaded by a single tab on a socket', async () => {
    const world = createWorld();
    const http = openWith(world, 'http');
    await world.clock.advance(60_000);
    expect(http.client.getConnection()).toMatchObject({ transport: 'websocket' });
    http.client.stop();
    const sharing = openWith(world, 'sharing');
    await world.clock.advance(60_000);
    expect(sharing.client.getConnection()).toMatchObject({ role: 'leader' });
    sharing.client.stop();
    const commands = openWith(world, 'commands');
    commands.client.watch(['ada']);
    await world.clock.advance(60_000);
    expect(commands.client.getConnection()).toMatchObject({ status: 'connected' });
    commands.client.stop();
    const online = openWith(world, 'online');
    online.client.watch(['ada']);
    await world.clock.advance(60_000);
    expect(online.client.getConnection()).toMatchObject({ status: 'connected' });
    const tried = [http, sharing, commands, online].map(({ loads }) => loads.tried);
    expect(tried).toEqual([0, 0, 0, 0]);
  });

  it('S19: a command whose code cannot be loaded is refused, each asks once, and the next may work', async () => {
    const world = createWorld();
    const { client, loads } = openWith(world, 'commands');
    await world.clock.advance(10);
    await expect(client.setStatus('busy')).rejects.toMatchObject({ code: 'store_unavailable' });
    await expect(client.setVisibility('hidden')).rejects.toBeInstanceOf(PresenceError);
    await world.clock.advance(60_000);
    expect(loads.tried).toBe(2);
    expect(client.getConnection()).toMatchObject({ status: 'connected' });
    expect(world.server.row('me').status).toBe('online');
    loads.failing = false;
    const set = client.setStatus('busy', { message: 'writing' });
    await world.clock.advance(10);
    await set;
    expect(client.getMe()).toMatchObject({ status: 'busy', message: 'writing' });
  });

  it('S8: what another tab asked of a leader that cannot load it is refused in time', async () => {
    const world = createWorld();
    const leader = openWith(world, 'commands');
    await world.clock.advance(10);
    const { client } = world.open();
    await world.clock.advance(10);
    expect(client.getConnection()).toMatchObject({ role: 'follower' });
    const refused = client.setStatus('busy').catch((error: { code: string }) => error.code);
    await world.clock.advance(15_000);
    expect(await refused).toBe('store_unavailable');
    leader.loads.failing = false;
    const set = client.setStatus('dnd');
    await world.clock.advance(10);
    await set;
    expect(world.server.row('me').status).toBe('dnd');
  });

  it('L4: heartbeats that cannot be loaded are tried again, and sockets as well', async () => {
    const world = createWorld();
    world.server.blockSockets(true);
    const { client, loads } = openWith(world, 'http');
    await world.clock.advance(120_000);
    expect(client.getConnection()).toMatchObject({
      status: 'connecting',
      error: { code: 'network' },
    });
    expect(loads.tried).toBeGreaterThan(1);
    expect(loads.tried).toBeLessThan(30);
    expect(world.server.requests.length).toBeGreaterThan(2 * loads.tried);
    loads.failing = false;
    await world.clock.advance(120_000);
    expect(client.getConnection()).toMatchObject({ status: 'connected', transport: 'http' });
  });

  it('S18: the list of who is online waits for its code, which is tried again', async () => {
    for (const blocked of [false, true]) {
      const world = createWorld();
      world.server.blockSockets(blocked);
      world.server.set('ada', { status: 'busy' });
      const { client, loads } = openWith(world, 'online');
      client.watchOnline();
      client.watch(['ada']);
      await world.clock.advance(120_000);
      expect(client.getPresence('ada').status).toBe('busy');
      expect(client.getOnline()).toMatchObject({ users: [], synced: false });
      expect(loads.tried).toBeGreaterThan(1);
      expect(loads.tried).toBeLessThan(30);
      loads.failing = false;
      await world.clock.advance(15_500);
      expect(client.getOnline()).toMatchObject({ synced: true, count: 2 });
      const { tried } = loads;
      client.watchOnline();
      await world.clock.advance(60_000);
      expect(loads.tried).toBe(tried);
    }
  });

  it('is there with the link: the one is not kept waiting for the other', async () => {
    const world = createWorld();
    const { client, loads } = openWith(world, 'online');
    loads.failing = false;
    client.watchOnline();
    const tried: number[] = [];
    client.on(
      'connection',
      ({ status }) => void (status === 'connected' && tried.push(loads.tried)),
    );
    await world.clock.advance(1000);
    expect(tried).toEqual([1]);
    expect(client.getOnline()).toMatchObject({ synced: true, count: 1 });
    expect(loads.tried).toBe(1);
  });

  it('S5: what a tab that followed had heard of who is online is gone on with where it leads', async () => {
    const world = createWorld();
    world.server.set('ada', { status: 'busy' });
    const first = world.open();
    await world.clock.advance(10);
    const second = openWith(world, 'online');
    second.client.watchOnline();
    await world.clock.advance(5000);
    expect(second.client.getOnline()).toMatchObject({ synced: true, count: 2 });
    first.tab.close();
    await world.clock.advance(5000);
    expect(second.client.getConnection()).toMatchObject({ role: 'leader', status: 'connected' });
    world.server.set('ada', { status: 'away' });
    await world.clock.advance(1000);
    expect(second.client.getOnline().byStatus).toMatchObject({ away: 1, busy: 0 });
    expect(second.loads.tried).toBe(0);
  });

  it('S20: nothing is left of a client that is stopped while it loads', async () => {
    for (const name of ['commands', 'http', 'online', 'sharing'] as const) {
      const world = createWorld();
      world.server.blockSockets(true);
      world.open();
      const { client, tab } = openWith(world, name);
      client.watchOnline();
      const asked = client.setStatus('busy').catch(() => {});
      await world.clock.advance(10_000);
      client.stop();
      await asked;
      expect(tab.leftovers()).toEqual({ timers: 0, listeners: 0, sockets: 0 });
    }
  });

  it('L2: a second tab that cannot load takes over all the same, and follows once it can', async () => {
    const world = createWorld();
    const first = world.open();
    await world.clock.advance(10);
    const second = openWith(world, 'sharing');
    const third = openWith(world, 'sharing');
    first.client.watch(['ada']);
    for (let change = 0; change < 200; change += 1) {
      world.server.set('ada', { status: change % 2 ? 'busy' : 'online' });
      await world.clock.advance(100);
    }
    expect(second.loads.tried).toBeLessThan(7);
    expect(first.client.getConnection()).toMatchObject({ status: 'connected', role: 'leader' });
    expect(second.client.getConnection().role).toBeNull();
    expect(second.loads.tried).toBeGreaterThan(1);
    third.loads.failing = false;
    await world.clock.advance(10_000);
    expect(third.client.getConnection()).toMatchObject({ status: 'connected', role: 'follower' });
    first.tab.close();
    await world.clock.advance(1000);
    expect(second.client.getConnection()).toMatchObject({ status: 'connected', role: 'leader' });
    expect(world.server.sockets()).toBe(1);
    expect(world.server.sessions.size).toBe(1);
  });

  it('L4: a leader that cannot load keeps its place, and hears what was said meanwhile', async () => {
    const world = createWorld();
    world.server.set('ada', { status: 'busy' });
    const first = openWith(world, 'sharing');
    await world.clock.advance(10);
    const second = world.open();
    second.client.watch(['ada']);
    const set = second.client.setStatus('dnd');
    await world.clock.advance(9000);
    expect(first.client.getConnection().role).toBe('leader');
    first.loads.failing = false;
    await world.clock.advance(5500);
    await set;
    expect(first.client.getConnection().role).toBe('leader');
    expect(second.client.getConnection()).toMatchObject({ status: 'connected', role: 'follower' });
    expect(second.client.getPresence('ada').status).toBe('busy');
    expect(world.server.row('me').status).toBe('dnd');
  });

  it('comes to all who wait for it in the order in which they asked', async () => {
    const slow: (() => void)[] = [];
    // Two imports of one module, of which the second ends first.
    const load = once(() => new Promise<void>((resolve) => void slow.unshift(resolve)));
    const order: number[] = [];
    const both = Promise.all([1, 2].map((asked) => load().then(() => order.push(asked))));
    for (const resolve of slow) resolve();
    await both;
    expect(order).toEqual([1, 2]);
  });

  it('is asked for anew after a failure', async () => {
    const answers = [Promise.reject(new Error('lost')), Promise.resolve('code')];
    const load = once(() => answers.shift()!);
    await expect(load()).rejects.toThrow('lost');
    expect(await load()).toBe('code');
    expect(await load()).toBe('code');
  });
});

import { PresenceError } from '@presence/core';
import type { ClientFrame } from '@presence/core/protocol';
import { createVirtualClock } from '@presence/core/testing';
import { describe, expect, it } from 'vitest';
import { memoryStore } from '../stores/memory/memory-store.ts';
import { createVirtualNode } from '../testing/virtual-node.ts';

const hello = (ticket: string, more: object = {}): ClientFrame => ({
  type: 'hello',
  protocol: 1,
  ticket,
  ...more,
});

const stateOf = async ({ node }: ReturnType<typeof createVirtualNode>, userId: string) =>
  (await node.engine.read({ tenant: 'default', userId })).record;

describe('opening a session', () => {
  it('welcomes, says the own view, and shows the user to others', async () => {
    const { clock, join } = createVirtualNode();
    const ada = await join('ada');
    const bob = await join('bob');
    bob.send({ type: 'watch', id: 'w', add: ['ada', 'eve'], ref: 7 });
    await clock.advance(0);
    expect(bob.take('snapshot')).toMatchObject([
      {
        watch: 'w',
        presences: [
          { userId: 'ada', status: 'online' },
          { userId: 'eve', status: 'offline', version: 0 },
        ],
      },
    ]);
    expect(bob.take('ack')).toEqual([{ type: 'ack', ref: 7 }]);
    ada.send({ type: 'status', status: 'busy', message: 'writing' });
    await clock.advance(100);
    expect(bob.take('changes')).toMatchObject([
      { presences: [{ userId: 'ada', status: 'busy', message: 'writing' }] },
    ]);
    expect(ada.take('me')).toMatchObject([{ presence: { status: 'busy' } }]);
  });

  it('closes a connection that says no hello in time', async () => {
    const { clock, connect, gateway } = createVirtualNode();
    const client = connect();
    await clock.advance(4900);
    expect(client.closed).toBeNull();
    await clock.advance(400);
    expect(client.closed).toEqual({ code: 4408, reason: 'hello_timeout' });
    expect(gateway.stats()).toMatchObject({ connections: 0, timers: 0 });
  });

  it('spends a ticket with the session that it opens', async () => {
    const virtual = createVirtualNode();
    const { clock, connect, ticket } = virtual;
    const once = ticket('ada');
    const [first, second] = [connect(), connect()];
    first.send(hello(once));
    await clock.advance(1);
    second.send(hello(once));
    await clock.advance(1);
    expect(first.closed).toBeNull();
    expect(second.closed).toEqual({ code: 4401, reason: 'ticket_invalid' });
    expect((await stateOf(virtual, 'ada'))?.sessions).toHaveLength(1);
  });

  it.each([
    ['altered', (ticket: string) => `${ticket.slice(0, -2)}xx`],
    ['not one at all', () => 'nonsense'],
  ])('refuses a ticket that is %s', async (_, change) => {
    const { clock, connect, ticket } = createVirtualNode();
    const client = connect();
    client.send(hello(change(ticket('ada'))));
    await clock.advance(1);
    expect(client.closed).toEqual({ code: 4401, reason: 'ticket_invalid' });
  });

  it('refuses a ticket that has expired', async () => {
    const { clock, connect, ticket } = createVirtualNode();
    const old = ticket('ada');
    await clock.advance(10_000);
    const client = connect();
    client.send(hello(old));
    await clock.advance(1);
    expect(client.closed?.code).toBe(4401);
  });

  it('S12: an unknown session id never creates a session', async () => {
    const virtual = createVirtualNode();
    const client = virtual.connect();
    client.send(hello(virtual.ticket('ada'), { sessionId: 'invented' }));
    await virtual.clock.advance(1);
    expect(client.closed).toEqual({ code: 4409, reason: 'session_gone' });
    expect(await stateOf(virtual, 'ada')).toBeNull();
  });

  it('S11: refuses whom the application calls blocked, and stores that', async () => {
    const virtual = createVirtualNode({ sources: { account: () => 'suspended' } });
    const client = virtual.connect();
    client.send(hello(virtual.ticket('ada')));
    await virtual.clock.advance(1);
    expect(client.closed).toEqual({ code: 4403, reason: 'account_blocked' });
    expect((await stateOf(virtual, 'ada'))?.account).toBe('suspended');
  });

  it('S20: a store that answers nothing does not keep a connection for ever', async () => {
    const clock = createVirtualClock();
    const store = memoryStore({ clock });
    const mute = { ...store, renew: () => new Promise<never>(() => undefined) };
    const { connect, ticket, gateway } = createVirtualNode({ clock, store: mute });
    const client = connect();
    client.send(hello(ticket('ada')));
    await clock.advance(10_500);
    expect(client.closed).toEqual({ code: 1013, reason: 'store_unavailable' });
    expect(gateway.stats()).toMatchObject({ connections: 0, sessions: 0 });
  });

  it('a store that does not answer is logged by the outage, not by the frame', async () => {
    const clock = createVirtualClock();
    const store = memoryStore({ clock });
    let isDown = false;
    const stopped = {
      ...store,
      load: (keys: Parameters<typeof store.load>[0]) => {
        if (!isDown) return store.load(keys);
        throw new PresenceError('store_unavailable', '[presence/test] The server did not answer.');
      },
    };
    const said: unknown[] = [];
    const silent = (): void => undefined;
    const logger = {
      debug: silent,
      info: silent,
      warn: silent,
      error: (details: object) => said.push((details as { unsaid: number }).unsaid),
    };
    const { join } = createVirtualNode({ clock, store: stopped, logger });
    const crowd = await Promise.all(Array.from({ length: 50 }, (_, at) => join(`user-${at}`)));
    isDown = true;
    const ask = async (): Promise<void> => {
      for (const each of crowd) each.send({ type: 'status', status: 'busy', ref: 1 });
      await clock.advance(1000);
    };
    await ask();
    expect(crowd.map((each) => each.take('error').length)).toEqual(Array(50).fill(1));
    expect(said).toEqual([0]);
    await clock.advance(10_000);
    await ask();
    expect(said).toEqual([0, 49]);
  });

  it('speaks one version of the protocol', async () => {
    const { clock, connect, ticket } = createVirtualNode();
    const client = connect();
    client.send({ type: 'hello', protocol: 2, ticket: ticket('ada') });
    await clock.advance(1);
    expect(client.closed).toEqual({ code: 4400, reason: 'invalid_frame' });
    expect(client.take('error')).toMatchObject([{ message: 'This server speaks protocol 1.' }]);
  });
});

describe('live sessions', () => {
  it('a session that is resumed elsewhere closes the older connection', async () => {
    const { clock, join } = createVirtualNode();
    const first = await join('ada');
    const second = await join('ada', first.sessionId);
    await clock.advance(0);
    expect(second.sessionId).toBe(first.sessionId);
    expect(first.closed).toEqual({ code: 4409, reason: 'session_replaced' });
    expect(second.closed).toBeNull();
  });

  it('L9: block, sign-out and disconnect close the socket, each with its own code', async () => {
    const { clock, join, node } = createVirtualNode();
    const [ada, bob, eve] = [await join('ada'), await join('bob'), await join('eve')];
    await clock.advance(5);
    const key = (userId: string) => ({ tenant: 'default', userId });
    await node.engine.execute(key('ada'), { type: 'account', account: 'banned' });
    await node.engine.execute(key('bob'), { type: 'sign-out' });
    await node.engine.execute(key('eve'), { type: 'sign-out', sessionId: eve.sessionId });
    await clock.advance(0);
    expect(ada.closed).toEqual({ code: 4403, reason: 'account_blocked' });
    expect(bob.closed).toEqual({ code: 4401, reason: 'signed_out' });
    expect(eve.closed).toEqual({ code: 4409, reason: 'session_gone' });
  });

  it('tells the session that was evicted by a newer one', async () => {
    const { clock, join } = createVirtualNode({ policy: { maxSessions: 2 } });
    const first = await join('ada');
    await clock.advance(5);
    const second = await join('ada');
    const third = await join('ada');
    await clock.advance(0);
    expect(first.closed).toEqual({ code: 4409, reason: 'session_replaced' });
    expect([second.closed, third.closed]).toEqual([null, null]);
  });

  it('L9: a login that ends asks the client back and then closes', async () => {
    const { clock, connect, ticket } = createVirtualNode();
    const client = connect();
    client.send(hello(ticket('ada', { expiresAt: clock.now() + 30_000 })));
    await clock.advance(29_000);
    expect(client.take('reconnect')).toEqual([]);
    await clock.advance(1500);
    expect(client.take('reconnect')).toEqual([{ type: 'reconnect', afterMs: 0 }]);
    expect(client.closed).toBeNull();
    await clock.advance(3000);
    expect(client.closed).toEqual({ code: 4401, reason: 'unauthenticated' });
  });

  it('says the own view again only when it changed', async () => {
    const { clock, join, node } = createVirtualNode();
    const ada = await join('ada');
    const other = await join('ada');
    other.send({ type: 'status', status: 'dnd' });
    await clock.advance(1);
    expect(ada.take('me')).toMatchObject([{ presence: { status: 'dnd' } }]);
    await node.engine.execute({ tenant: 'default', userId: 'ada' }, { type: 'settle' });
    other.events.closed();
    await clock.advance(20_000);
    expect(ada.take('me')).toEqual([]);
    ada.send({ type: 'visibility', visibility: 'hidden' });
    await clock.advance(1);
    expect(ada.take('me')).toMatchObject([{ visibility: 'hidden', presence: { status: 'dnd' } }]);
  });
});

describe('activity', () => {
  it('steady activity costs no store call', async () => {
    const virtual = createVirtualNode();
    const ada = await virtual.join('ada');
    const before = await stateOf(virtual, 'ada');
    for (let beat = 0; beat < 20; beat += 1) {
      ada.send({ type: 'activity', state: 'active', ref: beat });
      await virtual.clock.advance(150_000);
    }
    expect(ada.take('ack')).toHaveLength(20);
    expect(await stateOf(virtual, 'ada')).toBe(before);
    expect(ada.closed).toBeNull();
  });

  it('idle and active are stored when they begin', async () => {
    const virtual = createVirtualNode();
    const ada = await virtual.join('ada');
    ada.send({ type: 'activity', state: 'idle', idleMs: 300_000 });
    await virtual.clock.advance(1);
    expect((await stateOf(virtual, 'ada'))?.public.status).toBe('away');
    ada.send({ type: 'activity', state: 'active' });
    await virtual.clock.advance(1);
    expect((await stateOf(virtual, 'ada'))?.public.status).toBe('online');
  });

  it('a frozen page, whose socket answers pings, does not stay online', async () => {
    const virtual = createVirtualNode();
    const ada = await virtual.join('ada');
    await virtual.clock.advance(359_000);
    expect((await stateOf(virtual, 'ada'))?.public.status).toBe('online');
    await virtual.clock.advance(2000);
    expect((await stateOf(virtual, 'ada'))?.public.status).toBe('away');
    expect(ada.closed).toBeNull();
    await virtual.clock.advance(1_800_000);
    expect((await stateOf(virtual, 'ada'))?.public.status).toBe('offline');
  });
});

describe('memory', () => {
  it('S20: nothing is kept of connections that are gone', async () => {
    const { clock, gateway, join } = createVirtualNode();
    for (let round = 0; round < 10; round += 1) {
      const clients = await Promise.all(
        Array.from({ length: 20 }, (_, index) => join(`user-${index}`)),
      );
      clients.forEach((client, index) => {
        client.send({ type: 'watch', id: 'a', add: [`user-${index}`, `user-${round}`] });
        client.send({ type: 'watch', id: 'b', tenant: true });
      });
      await clock.advance(200);
      for (const client of clients) client.events.closed();
    }
    expect(gateway.stats().sessions).toBe(200);
    await clock.advance(60_000);
    expect(gateway.stats()).toMatchObject({
      connections: 0,
      sessions: 0,
      leaving: 0,
      timers: 0,
      tenants: 0,
      entries: 0,
      audiences: 0,
      tenantWatches: 0,
    });
  });
});

import { createVirtualClock } from '@presence/core/testing';
import { describe, expect, it } from 'vitest';
import { memoryStore } from '../stores/memory/memory-store.ts';
import { createVirtualNode } from '../testing/virtual-node.ts';

const watched = async (...arguments_: Parameters<typeof createVirtualNode>) => {
  const virtual = createVirtualNode(...arguments_);
  const bob = await virtual.join('bob');
  bob.send({ type: 'watch', id: 'w', add: ['ada'] });
  const ada = await virtual.join('ada');
  await virtual.clock.advance(200);
  bob.take('changes');
  return { ...virtual, ada, bob };
};

describe('graces', () => {
  it('L2: a closed page is offline after its grace', async () => {
    const { clock, ada, bob } = await watched();
    ada.send({ type: 'bye', reason: 'closed' });
    await clock.advance(0);
    expect(ada.closed?.code).toBe(1000);
    ada.events.closed();
    await clock.advance(4800);
    expect(bob.take('changes')).toEqual([]);
    await clock.advance(700);
    expect(bob.take('changes')).toMatchObject([{ presences: [{ status: 'offline' }] }]);
  });

  it('L2: coming back within the grace is seen by nobody', async () => {
    const { clock, ada, bob, join, gateway } = await watched();
    ada.events.closed();
    await clock.advance(14_000);
    const again = await join('ada', ada.sessionId);
    await clock.advance(60_000);
    expect(again.closed).toBeNull();
    expect(bob.take('changes')).toEqual([]);
    expect(gateway.stats()).toMatchObject({ leaving: 0, sessions: 2 });
  });

  it('L2: so is coming back on another node', async () => {
    const clock = createVirtualClock();
    const store = memoryStore({ clock });
    const { ada, bob, gateway } = await watched({ clock, store });
    const other = createVirtualNode({ clock, store, seed: 2 });
    ada.events.closed();
    await clock.advance(3000);
    const again = await other.join('ada', ada.sessionId);
    await clock.advance(60_000);
    expect(again.closed).toBeNull();
    expect(bob.take('changes')).toEqual([]);
    expect(gateway.stats()).toMatchObject({ leaving: 0, sessions: 1 });
  });

  it('a session that is resumed on another node closes its older link', async () => {
    const clock = createVirtualClock();
    const store = memoryStore({ clock });
    const { ada, gateway } = await watched({ clock, store });
    const other = createVirtualNode({ clock, store, seed: 2 });
    const again = await other.join('ada', ada.sessionId);
    await clock.advance(1);
    expect(ada.closed).toEqual({ code: 4409, reason: 'session_replaced' });
    await clock.advance(60_000);
    expect(again.closed).toBeNull();
    expect(gateway.stats().sessions).toBe(1);
  });

  it('a sign-out has no grace', async () => {
    const { clock, ada, bob } = await watched();
    ada.send({ type: 'bye', reason: 'signed-out' });
    await clock.advance(150);
    expect(bob.take('changes')).toMatchObject([{ presences: [{ status: 'offline' }] }]);
    expect(ada.closed?.code).toBe(1000);
  });

  it('a leave that the store refuses to take is tried until it does', async () => {
    const clock = createVirtualClock();
    const store = memoryStore({ clock });
    let isDown = false;
    const flaky = {
      ...store,
      commit: (...arguments_: Parameters<typeof store.commit>) =>
        isDown ? Promise.reject(new Error('down')) : store.commit(...arguments_),
    };
    const { ada, bob } = await watched({ clock, store: flaky });
    ada.events.closed();
    isDown = true;
    await clock.advance(20_000);
    expect(bob.take('changes')).toEqual([]);
    isDown = false;
    await clock.advance(2000);
    expect(bob.take('changes')).toMatchObject([{ presences: [{ status: 'offline' }] }]);
  });

  it('a session whose opening the store did not confirm does not stay for ever', async () => {
    const clock = createVirtualClock();
    const store = memoryStore({ clock });
    let isMute = false;
    const flaky = {
      ...store,
      commit: async (...arguments_: Parameters<typeof store.commit>) => {
        const answer = await store.commit(...arguments_);
        if (isMute) throw new Error('the answer was lost');
        return answer;
      },
    };
    const virtual = createVirtualNode({ clock, store: flaky });
    await virtual.join('bob');
    const ada = virtual.connect();
    isMute = true;
    ada.send({ type: 'hello', protocol: 1, ticket: virtual.ticket('ada') });
    await clock.advance(100);
    isMute = false;
    expect(ada.closed?.code).toBe(1013);
    await clock.advance(20_000);
    const { record } = await virtual.node.engine.read({ tenant: 'default', userId: 'ada' });
    expect(record?.public.status).toBe('offline');
  });
});

describe('drain', () => {
  it('L8: everything is closed within 25 s, spread, and nobody goes offline who comes back', async () => {
    const clock = createVirtualClock();
    const store = memoryStore({ clock });
    const old = createVirtualNode({ clock, store });
    const next = createVirtualNode({ clock, store, seed: 2 });
    const bob = await next.join('bob');
    bob.send({ type: 'watch', id: 'w', tenant: true });
    const clients = await Promise.all(Array.from({ length: 40 }, (_, i) => old.join(`user-${i}`)));
    await clock.advance(1000);
    bob.take('changes');
    old.startDraining();
    await old.node.nodeLease.drain();
    let isDrained = false;
    const drained = old.gateway.drain().then(() => (isDrained = true));
    const delays = clients.map((client) => client.take('reconnect')[0]?.afterMs ?? -1);
    expect(new Set(delays).size).toBeGreaterThan(30);
    expect(Math.min(...delays)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...delays)).toBeLessThanOrEqual(5000);
    await clock.advance(25_000);
    await drained;
    expect(isDrained).toBe(true);
    expect(clients.every(({ closed }) => closed?.code === 1012)).toBe(true);
    expect(old.connect().closed?.code).toBe(1012);
    const back = await Promise.all(
      clients.map(({ sessionId }, index) => next.join(`user-${index}`, sessionId)),
    );
    await clock.advance(120_000);
    expect(back.every(({ closed }) => closed === null)).toBe(true);
    expect(bob.take('changes')).toEqual([]);
  });
});

import { describe, expect, it } from 'vitest';
import { createVirtualNode } from '../testing/virtual-node.ts';

const statusOf = async ({ node }: ReturnType<typeof createVirtualNode>, userId: string) =>
  (await node.engine.read({ tenant: 'default', userId })).record?.public.status;

describe('keep-alive', () => {
  it('one user at rest is pinged each interval and costs the store nothing', async () => {
    const { clock, join } = createVirtualNode();
    const ada = await join('ada');
    await clock.advance(30_000);
    const before = ada.pings.length;
    await clock.advance(250_000);
    expect(ada.pings.length - before).toBe(10);
    expect(new Set(ada.pings)).toEqual(new Set(['']));
    expect(ada.closed).toBeNull();
  });

  it('L1: a link lost without a word is offline for others within a minute', async () => {
    for (const lostAt of [0, 7000, 24_900, 31_000]) {
      const virtual = createVirtualNode({ seed: lostAt + 1 });
      const ada = await virtual.join('ada');
      const bob = await virtual.join('bob');
      bob.send({ type: 'watch', id: 'w', add: ['ada'] });
      await virtual.clock.advance(lostAt);
      ada.answers = false;
      bob.take('changes');
      await virtual.clock.advance(58_000 - 22_500);
      expect(await statusOf(virtual, 'ada')).toBe('online');
      await virtual.clock.advance(2000 + 22_500);
      expect(await statusOf(virtual, 'ada')).toBe('offline');
      await virtual.clock.advance(1000);
      expect(bob.take('changes')).toMatchObject([{ presences: [{ status: 'offline' }] }]);
      expect(ada.closed?.code).toBe(1006);
    }
  });

  it('a stall of this process does not read as lost clients', async () => {
    const virtual = createVirtualNode();
    const clients = await Promise.all(['ada', 'bob', 'eve'].map((userId) => virtual.join(userId)));
    await virtual.clock.advance(24_000);
    for (const client of clients) client.answers = false;
    await virtual.clock.advance(3000);
    // Their pings are out. Now this process stands still for longer than any pong may take.
    virtual.clock.jump(25_000);
    await virtual.clock.advance(1000);
    for (const client of clients) {
      expect(client.closed).toBeNull();
      client.answers = true;
      client.events.pong('');
    }
    await virtual.clock.advance(120_000);
    expect(clients.map(({ closed }) => closed)).toEqual([null, null, null]);
    expect(virtual.gateway.stats().stalledMs).toBeGreaterThan(20_000);
  });

  it('connections that came together are not pinged together', async () => {
    const { clock, join } = createVirtualNode();
    const clients = await Promise.all(Array.from({ length: 60 }, (_, i) => join(`user-${i}`)));
    const most = { atOnce: 0 };
    for (let tick = 0; tick < 100; tick += 1) {
      const before = clients.reduce((sum, { pings }) => sum + pings.length, 0);
      await clock.advance(250);
      const sent = clients.reduce((sum, { pings }) => sum + pings.length, 0) - before;
      most.atOnce = Math.max(most.atOnce, sent);
    }
    expect(most.atOnce).toBeLessThan(12);
  });
});

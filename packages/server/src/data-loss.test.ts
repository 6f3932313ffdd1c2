import type { Presence } from '@presence/core';
import { createVirtualClock, type VirtualClock } from '@presence/core/testing';
import { describe, expect, it } from 'vitest';
import type { PresenceStore } from './stores/store.ts';
import { memoryStore } from './stores/memory/memory-store.ts';
import { losingStore } from './testing/losing-store.ts';
import { createVirtualNode, type VirtualClient, type VirtualNode } from './testing/virtual-node.ts';

const statusOf = async ({ node }: VirtualNode, userId: string): Promise<string> =>
  (await node.engine.read({ tenant: 'default', userId })).record?.public.status ?? 'nobody';

const twoNodes = async () => {
  const clock = createVirtualClock();
  const store = losingStore(clock);
  const nodes = [1, 2].map((seed) => createVirtualNode({ clock, store, seed }));
  return { clock, store, one: nodes[0]!, two: nodes[1]! };
};

/** A store whose commits wait for so long, as far as they do. */
const slowToCommit = (
  store: PresenceStore,
  clock: VirtualClock,
  ms: () => number,
): PresenceStore => ({
  ...store,
  commit: async (writes) => {
    if (ms() > 0) await new Promise<void>((resolve) => clock.after(ms(), resolve));
    return store.commit(writes);
  },
});

describe('a store that lost its data', () => {
  it('L5: has every session again that a node holds, and nobody has to come anew', async () => {
    const { clock, store, one, two } = await twoNodes();
    const ada = await one.join('ada');
    const grace = await two.join('grace');
    await clock.advance(2000);
    store.lose();
    expect(await statusOf(one, 'ada')).toBe('nobody');
    await clock.advance(1000);
    expect([await statusOf(two, 'ada'), await statusOf(one, 'grace')]).toEqual([
      'online',
      'online',
    ]);
    expect([ada.closed, grace.closed]).toEqual([null, null]);
  });

  it('L5: has both sessions of one user who is connected to two nodes', async () => {
    const { clock, store, one, two } = await twoNodes();
    const phone = await one.join('ada');
    const laptop = await two.join('ada');
    await clock.advance(2000);
    store.lose();
    await clock.advance(7000);
    expect([phone.closed, laptop.closed]).toEqual([null, null]);
    const { record } = await one.node.engine.read({ tenant: 'default', userId: 'ada' });
    expect(record?.sessions).toHaveLength(2);
  });

  it('L4: watchers are told who is gone, and nothing of those who are back', async () => {
    const { clock, store, one, two } = await twoNodes();
    const watcher = await two.join('watcher');
    await one.join('ada');
    await one.node.engine.execute(
      { tenant: 'default', userId: 'http' },
      { type: 'touch', issuedAt: undefined },
    );
    watcher.send({ type: 'watch', id: 'w', add: ['ada', 'http'] });
    await clock.advance(2000);
    watcher.take('changes');
    store.lose(false);
    await clock.advance(8000);
    const rows = watcher.take('changes').flatMap(({ presences }) => presences);
    expect(rows).toContainEqual(expect.objectContaining({ userId: 'http', status: 'offline' }));
    expect(await statusOf(two, 'ada')).toBe('online');
    expect(watcher.closed).toBeNull();
  });

  it('S4 L4: who was read as absent between the read and the write that put them back is seen again', async () => {
    const { clock, store, two } = await twoNodes();
    let commitMs = 0;
    const slow = slowToCommit(store, clock, () => commitMs);
    const one = createVirtualNode({ clock, store: slow, seed: 3 });
    const watcher = await two.join('watcher');
    await one.join('ada');
    watcher.send({ type: 'watch', id: 'w', add: ['ada'] });
    await clock.advance(3000);
    watcher.take('changes');
    commitMs = 500;
    store.lose();
    await clock.advance(8000);
    const rows = watcher.take('changes').flatMap(({ presences }) => presences as Presence[]);
    expect(rows.map(({ status }) => status)).toEqual(['offline', 'online']);
    expect(rows[0]!.version).toBeLessThan(rows[1]!.version);
  });

  it('S1: who leaves while sessions are attached again is not put back', async () => {
    const clock = createVirtualClock();
    const store = losingStore(clock);
    let commitMs = 0;
    const slow = slowToCommit(store, clock, () => commitMs);
    const one = createVirtualNode({ clock, store: slow });
    // More than are attached at once: the last one waits while the others are.
    const clients: VirtualClient[] = [];
    for (let user = 0; user <= 200; user += 1) clients.push(await one.join(`u${user}`));
    const last = clients.at(-1)!;
    last.send({ type: 'bye', reason: 'closed' });
    last.events.closed();
    await clock.advance(one.node.options.policyOf('default').grace.closedMs - 100);
    expect(await statusOf(one, 'u200')).toBe('online');
    commitMs = 500;
    store.lose();
    await statusOf(one, 'u0');
    await clock.advance(60_000);
    expect([await statusOf(one, 'u0'), await statusOf(one, 'u200')]).toEqual(['online', 'nobody']);
  });

  it('S12: a session that was ended while nothing was lost is closed', async () => {
    const { clock, one } = await twoNodes();
    const ada = await one.join('ada');
    await one.node.engine.execute(
      { tenant: 'default', userId: 'ada' },
      { type: 'sign-out', sessionId: ada.sessionId },
    );
    await clock.advance(100);
    expect(ada.closed?.code).toBe(4409);
  });
});

describe('many users who end at once', () => {
  /** A store that takes commits of a reaper as slowly as one with a hundred thousand to make. */
  const slowToReap = (store: PresenceStore): PresenceStore => ({
    ...store,
    due: async (limit, spread) => {
      const answer = await store.due(limit, spread);
      return { ...answer, items: [] };
    },
  });

  it('L1: watchers hear of them within a second, reaped or not', async () => {
    const clock = createVirtualClock();
    const memory = memoryStore({ clock });
    const shared = { ...memory, isLocal: false };
    const dying = createVirtualNode({ clock, store: shared, seed: 1 });
    const living = createVirtualNode({ clock, store: slowToReap(shared), seed: 2 });
    const watcher = await living.join('watcher');
    for (let user = 0; user < 250; user += 1) await dying.join(`u${user}`);
    watcher.send({ type: 'watch', id: 'w', add: ['u3', 'u249'] });
    await clock.advance(1000);
    watcher.take('changes');
    await dying.stop();
    await clock.advance(26_000);
    expect(watcher.take('changes')).toEqual([]);
    await clock.advance(5200);
    const rows = watcher.take('changes').flatMap(({ presences }) => presences);
    expect(rows).toHaveLength(2);
    expect(rows).toContainEqual(expect.objectContaining({ userId: 'u249', status: 'offline' }));
  });
});

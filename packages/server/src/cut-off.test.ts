import { createVirtualClock } from '@presence/core/testing';
import { describe, expect, it } from 'vitest';
import { memoryStore } from './stores/memory/memory-store.ts';
import { cutStore } from './testing/cut-store.ts';
import { createVirtualNode } from './testing/virtual-node.ts';

describe('a node that does not reach its store for longer than its lease', () => {
  it('S2 L4: keeps its links, and has its users online again once it does', async () => {
    const clock = createVirtualClock();
    const shared = { ...memoryStore({ clock }), isLocal: false };
    const store = cutStore(shared);
    const one = createVirtualNode({ clock, store, seed: 1 });
    const two = createVirtualNode({ clock, store: shared, seed: 2 });
    const statusOf = async (userId: string) =>
      (await two.node.engine.read({ tenant: 'default', userId })).record?.public.status;
    const ada = await one.join('ada');
    await two.join('grace');
    await clock.advance(2000);
    store.cut();
    await clock.advance(36_000);
    expect([await statusOf('ada'), ada.closed]).toEqual(['offline', null]);
    // The feed tells of the end before the next renewal finds that the lease is lost.
    store.heal();
    await clock.advance(10_000);
    expect([await statusOf('ada'), ada.closed]).toEqual(['online', null]);
  });
});

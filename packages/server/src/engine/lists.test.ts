import { apply, nodeLease, resolvePolicy, type Command, type Loaded } from '@presence/core';
import { createVirtualClock } from '@presence/core/testing';
import { describe, expect, it } from 'vitest';
import { memoryStore } from '../stores/memory/memory-store.ts';
import { createLists, readingOf } from './lists.ts';
import { createStoreCalls } from './store-calls.ts';

const policy = resolvePolicy();
const T = 1_700_000_000_000;
const lease = nodeLease('node', 1);

const open = (sessionId: string): Command => ({
  type: 'open',
  sessionId,
  resume: false,
  lease: { shared: lease },
  device: null,
  idleMs: null,
});

const after = (loaded: Loaded, command: Command, at: number): Loaded => {
  const applied = apply(loaded, command, at, policy);
  if (!applied.ok) throw new Error(applied.code);
  return { key: loaded.key, record: applied.record, leases: new Map([[lease, at + 30_000]]) };
};

describe('a reading', () => {
  it('S2: takes nobody offline when the clock of the store was stepped back', () => {
    const unseen: Loaded = {
      key: { tenant: 'acme', userId: 'ada' },
      record: null,
      leases: new Map(),
    };
    const ahead = after(unseen, open('s1'), T + 200_000);
    const stepped = after(ahead, open('s2'), T);
    expect(readingOf(stepped, T + 1000, policy).record?.public.status).toBe('online');
    expect(readingOf(stepped, T + 31_000, policy).record?.public.status).toBe('offline');
  });
});

describe('a list', () => {
  it('S1: is asked for again, after reaping, while more is overdue than the store looked through', async () => {
    const memory = memoryStore({ clock: createVirtualClock() });
    let crowd = 3;
    const store = {
      ...memory,
      find: async (query: Parameters<typeof memory.find>[0]) => ({
        ...(await memory.find(query)),
        crowded: crowd > 0,
      }),
    };
    const reap = async (): Promise<void> => {
      crowd -= 1;
    };
    const { find } = createLists({ calls: createStoreCalls(store), policyOf: () => policy, reap });
    const query = { tenant: 'acme', scope: 't', status: ['online'] as const, after: '', limit: 5 };
    expect((await find(query)).items).toEqual([]);
    expect(crowd).toBe(0);
  });
});

import { apply, nodeLease, resolvePolicy, type Command, type Loaded } from '@presence/core';
import { describe, expect, it } from 'vitest';
import { readingOf } from './lists.ts';

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

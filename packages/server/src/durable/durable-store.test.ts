import { resolvePolicy } from '@presence/core';
import { createVirtualClock } from '@presence/core/testing';
import { describe, expect, it } from 'vitest';
import { SILENT } from '../cli/silent.ts';
import { memoryStore } from '../stores/memory/memory-store.ts';
import type { PresenceStore } from '../stores/store.ts';
import { createDurableStore } from './durable-store.ts';
import type { Sink } from './sink.ts';

/** A sink that is never asked. */
const SINK = {} as Sink;

describe('a live store with a durable side', () => {
  it('keeps everything that the live store may have, and is durable', async () => {
    const clock = createVirtualClock();
    const live: PresenceStore = {
      ...memoryStore({ clock }),
      renewsByRevision: true,
      reapers: 2,
      check: () => Promise.resolve(),
      comparePolicy: () => Promise.resolve(null),
    };
    const policy = resolvePolicy();
    const store = createDurableStore({
      live,
      sink: SINK,
      clock,
      logger: SILENT,
      policyOf: () => policy,
    });
    expect(Object.keys(store)).toEqual(expect.arrayContaining(Object.keys(live)));
    expect([store.durability, store.reapers]).toEqual(['durable', 2]);
    await store.stop();
    expect(clock.pending()).toBe(0);
  });
});

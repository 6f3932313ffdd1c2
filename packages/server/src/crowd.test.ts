import { DEFAULT_POLICY } from '@presence/core';
import { createVirtualClock, type VirtualClock } from '@presence/core/testing';
import { describe, expect, it } from 'vitest';
import { createPresence } from './presence.ts';
import { memoryStore } from './stores/memory/memory-store.ts';
import { giveWay } from './system-clock.ts';

const SECRET = 'a secret for a test, which is long enough';

/** A server over a store that answers before anybody else has a turn, with users whose leases have ended by its clock. */
const withEnded = async (users: number, testing?: { readonly clock: VirtualClock }) => {
  const clock = testing?.clock ?? createVirtualClock();
  const store = memoryStore({ clock });
  const presence = createPresence({
    authenticate: () => null,
    store,
    security: { secret: SECRET },
    ...(testing && { testing }),
  });
  for (let user = 0; user < users; user += 1) await presence.signIn(`user-${user}`);
  // No timer runs, and the store is not taken for one that had stopped.
  for (let ms = 0; ms <= DEFAULT_POLICY.leaseMs; ms += 1000) {
    clock.jump(1000);
    await store.due(0, 0);
  }
  return { presence, store };
};

/** Turns that others had until the work was done. */
const turnsDuring = async (work: Promise<unknown>): Promise<number> => {
  let turns = 0;
  let next = setImmediate(function count() {
    turns += 1;
    next = setImmediate(count);
  });
  await work;
  clearImmediate(next);
  return turns;
};

describe('a crowd that is settled', () => {
  it('L6: lets others have their turn between its pages, whatever the store', async () => {
    const { presence } = await withEnded(1000);
    let reaped = 0;
    const turns = await turnsDuring(presence.reap().then((many) => (reaped = many)));
    expect(reaped).toBe(1000);
    expect(turns).toBeGreaterThanOrEqual(4);
    await presence.close();
  });

  it.each([1, 3])(
    'is not gone on with when the server closes after %i pages: nothing is committed that nobody is told of',
    async (pages) => {
      const { presence, store } = await withEnded(1000);
      let told = 0;
      presence.on('change', () => (told += 1));
      const reaped = presence.reap();
      for (let page = 0; page < pages; page += 1) await giveWay();
      await presence.close();
      expect(await reaped).toBe(told);
      const { byStatus } = await store.count({ tenant: 'default', scope: 't' });
      expect(byStatus.offline).toBe(told);
      expect(told).toBeLessThan(1000);
    },
  );

  it('is settled within the instant by a clock of a test', async () => {
    const clock = createVirtualClock();
    const { presence } = await withEnded(1000, { clock });
    let told = 0;
    presence.on('change', () => (told += 1));
    await clock.advance(1000);
    expect(told).toBe(1000);
    await presence.close();
  });
});

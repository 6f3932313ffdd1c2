import { DEFAULT_POLICY } from '@presence/core';
import { createVirtualClock } from '@presence/core/testing';
import { describe, expect, it } from 'vitest';
import { createPresence } from './presence.ts';
import { memoryStore } from './stores/memory/memory-store.ts';

const SECRET = 'a secret for a test, which is long enough';

/** A server over a store that answers before anybody else has a turn, with users whose leases have ended. */
const withEnded = async (users: number) => {
  const clock = createVirtualClock();
  const store = memoryStore({ clock });
  const presence = createPresence({
    authenticate: () => null,
    store,
    testing: { clock },
    security: { secret: SECRET },
  });
  for (let user = 0; user < users; user += 1) await presence.signIn(`user-${user}`);
  // No timer runs, and the store is not taken for one that had stopped.
  for (let ms = 0; ms <= DEFAULT_POLICY.leaseMs; ms += 1000) {
    clock.jump(1000);
    await store.due(0, 0);
  }
  return presence;
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
    const presence = await withEnded(1000);
    let reaped = 0;
    const turns = await turnsDuring(presence.reap().then((many) => (reaped = many)));
    expect(reaped).toBe(1000);
    expect(turns).toBeGreaterThanOrEqual(4);
    await presence.close();
  });
});

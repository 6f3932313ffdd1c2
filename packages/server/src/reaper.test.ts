import { DEFAULT_POLICY, type Key, type PresenceError } from '@presence/core';
import { createVirtualClock } from '@presence/core/testing';
import { describe, expect, it } from 'vitest';
import { engineOver } from '../test-fixtures/engine.ts';
import { SILENT } from './cli/silent.ts';
import { createReaper } from './reaper.ts';
import { memoryStore } from './stores/memory/memory-store.ts';
import type { PresenceStore } from './stores/store.ts';

/** More than the time that a lease is granted for, and a few rounds of the reaper behind. */
const ENDED_MS = 125_000;
/** A page of a store over a network takes a while. */
const PAGE_MS = 5;

type Commit = PresenceStore['commit'];

const refused = (writes: Parameters<Commit>[0], at: number): Awaited<ReturnType<Commit>> => ({
  at,
  results: writes.map(({ key }) => ({
    ok: false,
    reason: 'conflict',
    current: { key, record: null, leases: new Map() },
  })),
});

/** A store that takes its time, whose pages are written down. */
const createSlowStore = (given: Partial<PresenceStore> = {}) => {
  const clock = createVirtualClock();
  const memory = memoryStore({ clock });
  /** Where the pages under way began. */
  const underWay = new Set<number>();
  const state = {
    underWay,
    /** Of pages that were under way at once. */
    together: [] as (readonly number[])[],
    take: (): { readonly ms: number; readonly isLost?: boolean } => ({ ms: PAGE_MS }),
    /** Whether no write is taken: somebody else is always faster. */
    refuses: false,
  };
  const store: PresenceStore = {
    ...memory,
    ...given,
    due: async (limit, spread) => {
      const { ms, isLost = false } = state.take();
      underWay.add(spread);
      if (underWay.size > 1) state.together.push([...underWay]);
      await new Promise<void>((resolve) => clock.after(ms, resolve));
      underWay.delete(spread);
      if (isLost) throw new Error('the store is away');
      return memory.due(limit, spread);
    },
    commit: async (writes) =>
      state.refuses ? refused(writes, clock.now()) : memory.commit(writes),
  };
  return { clock, store, state };
};

const setup = async (users: number, given?: Partial<PresenceStore>) => {
  const { clock, store, state } = createSlowStore(given);
  const engine = engineOver({ store, clock });
  const keys = Array.from({ length: users }, (_, index): Key => ({
    tenant: 'acme',
    userId: `user-${index}`,
  }));
  await Promise.all(
    keys.map((key) =>
      engine.execute(key, () => ({
        type: 'open',
        sessionId: `session-of-${key.userId}`,
        resume: false,
        lease: { ownForMs: DEFAULT_POLICY.leaseMs },
        device: null,
        idleMs: null,
      })),
    ),
  );
  const start = () =>
    createReaper({ engine, clock, logger: SILENT, everyMs: DEFAULT_POLICY.reapMs });
  const reaper = start();
  const online = async (): Promise<number> => {
    const readings = await engine.readMany(keys);
    return readings.filter(({ record }) => record?.own.status === 'online').length;
  };
  /** The leases end, and nobody settles it: the store's pulse is all that is written. */
  const untilEnded = async (): Promise<void> => {
    reaper.stop();
    for (let second = 0; second < ENDED_MS / 1000; second += 1) {
      await clock.advance(1000);
      void engine.reap(0);
    }
  };
  return { clock, start, online, untilEnded, state };
};

describe('the reaper', () => {
  it('S5: where a store gains by it, settles a crowd from two places that are far from each other', async () => {
    const { clock, online, state } = await setup(1500, { reapers: 2 });
    await clock.advance(ENDED_MS);
    expect(await online()).toBe(0);
    expect(state.together.length).toBeGreaterThan(2);
    for (const places of state.together) {
      expect(places).toHaveLength(2);
      expect(Math.abs(places[0]! - places[1]!)).toBeGreaterThan(0.25);
    }
  });

  it('settles page after page where a store gains nothing by more', async () => {
    const { clock, online, state } = await setup(1500);
    await clock.advance(ENDED_MS);
    expect([await online(), state.together]).toEqual([0, []]);
  });

  it('counts everybody who went offline once, however many were settled at once', async () => {
    const { clock, start, untilEnded } = await setup(900, { reapers: 3 });
    await untilEnded();
    const reaped = start().reap();
    await clock.advance(1000);
    expect(await reaped).toBe(900);
  });

  it('a page that fails ends no other page, and the round is told to have failed when all are over', async () => {
    const { clock, start, untilEnded, state, online } = await setup(900, { reapers: 2 });
    await untilEnded();
    let page = 0;
    state.take = () => ({ ms: (page += 1) === 3 ? 10 * PAGE_MS : PAGE_MS, isLost: page === 2 });
    const failed = start()
      .reap()
      .catch((error: PresenceError) => [error.code, state.underWay.size]);
    await clock.advance(1000);
    expect(await failed).toEqual(['store_unavailable', 0]);
    expect(await online()).toBe(0);
  });

  it('leaves what no write settles for the next round, after some pages of it', async () => {
    const { clock, start, untilEnded, state } = await setup(900);
    await untilEnded();
    state.refuses = true;
    let pages = 0;
    state.take = () => {
      pages += 1;
      return { ms: PAGE_MS };
    };
    const reaped = start().reap();
    await clock.advance(1000);
    expect(await reaped).toBe(0);
    expect(pages).toBeLessThan(20);
  });
});

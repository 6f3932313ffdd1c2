import { resolvePolicy, TENANT_SCOPE, type Command, type Key } from '@presence/core';
import { createSeededRandom, createVirtualClock } from '@presence/core/testing';
import { describe, expect, it } from 'vitest';
import { memoryStore } from '../stores/memory/memory-store.ts';
import type { PresenceStore } from '../stores/store.ts';
import { createEngine } from './engine.ts';

const ada: Key = { tenant: 'acme', userId: 'ada' };
const NODE = 'n:node:1';

const open = (sessionId: string, resume = false): Command => ({
  type: 'open',
  sessionId,
  resume,
  lease: { ownForMs: 120_000 },
  device: null,
  idleMs: null,
});

const claim = (message: string): Command => ({
  type: 'claim',
  source: 'user',
  status: 'busy',
  message,
});

/** Counts the calls of each verb. */
const counting = (store: PresenceStore) => {
  const calls = { load: 0, commit: 0, writes: 0, renew: 0 };
  const counted: PresenceStore = {
    ...store,
    load: (keys) => {
      calls.load += 1;
      return store.load(keys);
    },
    commit: (writes) => {
      calls.commit += 1;
      calls.writes += writes.length;
      return store.commit(writes);
    },
    renew: (leases, validUntil) => {
      calls.renew += 1;
      return store.renew(leases, validUntil);
    },
  };
  return { calls, counted };
};

const setup = () => {
  const clock = createVirtualClock();
  const { calls, counted: store } = counting(memoryStore({ clock }));
  const policy = resolvePolicy();
  const lost: string[] = [];
  const commits: number[] = [];
  const engineOf = (seed: number) =>
    createEngine({
      store,
      clock,
      random: createSeededRandom(seed),
      policyOf: () => policy,
      onCommit: ({ write }) => commits.push(write.record?.revision ?? 0),
      onLeaseLost: async (lease) => {
        lost.push(lease);
        await store.renew([{ id: `${NODE}0`, forMs: 30_000, create: true }], null);
      },
    });
  return { clock, store, calls, lost, commits, engineOf, engine: engineOf(1) };
};

describe('engine', () => {
  it('answers a read of somebody who was never seen without writing (reads never write)', async () => {
    const { engine, calls } = setup();
    const reading = await engine.read(ada);
    expect(reading.record).toBeNull();
    expect(calls.writes).toBe(0);
  });

  it('takes the reads of one turn to the store together', async () => {
    const { engine, calls } = setup();
    await engine.readMany(
      Array.from({ length: 300 }, (_, i) => ({ tenant: 'acme', userId: `u${i}` })),
    );
    expect(calls.load).toBe(1);
  });

  it('commits three thousand commands for one user at once in one write, losing none (S3, S4)', async () => {
    const { engine, calls, commits } = setup();
    await engine.execute(ada, open('s1'));
    const before = calls.writes;
    const all = await Promise.all(
      Array.from({ length: 3000 }, (_, i) => engine.execute(ada, claim(`m${i}`))),
    );
    expect(calls.writes - before).toBe(1);
    expect(all.at(-1)?.record?.own.message).toBe('m2999');
    const versions = all.map(({ record }) => record?.own.version ?? 0);
    expect(versions).toEqual([...versions].sort((a, b) => a - b));
    expect(new Set(versions).size).toBe(3000);
    expect(commits).toHaveLength(2);
  });

  it('refuses one command of a round without harm to the others', async () => {
    const { engine } = setup();
    await engine.execute(ada, open('s1'));
    const [good, bad] = await Promise.allSettled([
      engine.execute(ada, claim('here')),
      engine.execute(ada, open('unknown', true)),
    ]);
    expect(good.status).toBe('fulfilled');
    expect(bad).toMatchObject({ status: 'rejected', reason: { code: 'session_gone' } });
    expect((await engine.read(ada)).record?.own.message).toBe('here');
  });

  it('lets engines that write at once all succeed, each transition with a version of its own (S3)', async () => {
    const { clock, engineOf } = setup();
    const engines = [engineOf(1), engineOf(2), engineOf(3)];
    const work = engines.flatMap((engine, e) =>
      Array.from({ length: 5 }, (_, i) => engine.execute(ada, open(`s${e}-${i}`))),
    );
    for (let i = 0; i < 20; i += 1) await clock.advance(10);
    const done = await Promise.all(work);
    const last = await engines[0]!.read(ada);
    expect(last.record?.sessions).toHaveLength(15);
    expect(new Set(done.map(({ record }) => record?.revision)).size).toBe(15);
  });

  it('takes another node lease when the one it used has ended, and opens the session on that', async () => {
    const { engine, lost } = setup();
    let lease = NODE;
    const opened = await engine.execute(ada, () => ({
      type: 'open',
      sessionId: 's1',
      resume: false,
      lease: { shared: lost.length > 0 ? (lease = `${NODE}0`) : lease },
      device: null,
      idleMs: null,
    }));
    expect(lost).toEqual([NODE]);
    expect(opened.session?.lease).toBe(`${NODE}0`);
  });

  it('gives a store that fails back as store_unavailable, with when to try again', async () => {
    const { store, engine } = setup();
    store.load = () => Promise.reject(new Error('ECONNRESET'));
    const broken = engine.read(ada);
    await expect(broken).rejects.toMatchObject({ code: 'store_unavailable', retryAfterMs: 2000 });
  });
});

describe('heartbeats', () => {
  const beat = (seq: number, idleMs: number | null = null) =>
    ({ type: 'beat', sessionId: 's1', seq, idleMs, forMs: 120_000 }) as const;

  it('renews the lease by id without a commit while nothing else changes', async () => {
    const { clock, store, engine, calls } = setup();
    await engine.execute(ada, open('s1'));
    const before = calls.writes;
    for (let seq = 1; seq <= 8; seq += 1) {
      for (let s = 0; s < 30; s += 1) {
        await clock.advance(1000);
        await store.due(100, 0);
      }
      const { record } = await engine.beat(ada, beat(seq));
      expect(record?.own.status).toBe('online');
    }
    expect(calls.writes).toBe(before);
  });

  it('commits when input stopped, with the beat extending the lease (S2)', async () => {
    const { clock, store, engine, calls } = setup();
    await engine.execute(ada, open('s1'));
    await clock.advance(60_000);
    await store.due(100, 0);
    const before = calls.writes;
    const { record } = await engine.beat(ada, beat(1, 300_000));
    expect(record?.own.status).toBe('away');
    expect(calls.writes).toBe(before + 1);
  });

  it('refuses a beat after the lease ended, and never revives it (S12)', async () => {
    const { clock, store, engine } = setup();
    await engine.execute(ada, open('s1'));
    for (let s = 0; s < 121; s += 1) {
      await clock.advance(1000);
      await store.due(100, 0);
    }
    const late = async () => engine.beat(ada, beat(1));
    await expect(late()).rejects.toMatchObject({ code: 'session_gone' });
    expect((await engine.read(ada)).record?.public.status).toBe('offline');
  });

  it('does not renew for a beat that is older than one it knows (S12)', async () => {
    const { clock, store, engine, calls } = setup();
    await engine.execute(ada, open('s1'));
    await engine.beat(ada, beat(5, 300_000));
    await clock.advance(1000);
    await store.due(100, 0);
    const before = calls.renew;
    await engine.beat(ada, beat(4));
    expect(calls.renew).toBe(before);
  });
});

describe('lists', () => {
  it('are exact before anybody reaped, in order, page by page (S1, S13, S14)', async () => {
    const { clock, store, engine } = setup();
    const users = Array.from({ length: 25 }, (_, i) => `u${String(i).padStart(2, '0')}`);
    await Promise.all(
      users.map((userId) => engine.execute({ tenant: 'acme', userId }, open(`s-${userId}`))),
    );
    for (let s = 0; s < 119; s += 1) {
      await clock.advance(1000);
      await store.due(1, 0);
    }
    await Promise.all(
      users.slice(0, 10).map(async (userId) =>
        engine.beat(
          { tenant: 'acme', userId },
          {
            type: 'beat',
            sessionId: `s-${userId}`,
            seq: 1,
            idleMs: null,
            forMs: 120_000,
          },
        ),
      ),
    );
    await clock.advance(1000);
    const scope = { tenant: 'acme', scope: TENANT_SCOPE };
    const counted = await engine.count(scope);
    expect(counted.byStatus).toEqual({ online: 10, away: 0, busy: 0, dnd: 0, offline: 15 });
    const found: string[] = [];
    let after: string | null = '';
    while (after !== null) {
      const page = await engine.find({ ...scope, status: ['online'], after, limit: 3 });
      found.push(...page.items.map(({ key }) => key.userId));
      after = page.end;
    }
    expect(found).toEqual(users.slice(0, 10));
    const reaped = await engine.reap(100);
    expect(reaped).toMatchObject({ due: 15, wentOffline: 15 });
    expect((await engine.count(scope)).byStatus).toEqual(counted.byStatus);
  });
});

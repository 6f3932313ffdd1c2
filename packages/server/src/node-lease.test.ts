import { resolvePolicy, type Key, type LeaseId } from '@presence/core';
import { createSeededRandom, createVirtualClock } from '@presence/core/testing';
import { describe, expect, it } from 'vitest';
import { createEngine } from './engine/engine.ts';
import { createNodeLease } from './node-lease.ts';
import type { HeldSession, NodeLease } from './realtime/types.ts';
import { createReaper } from './reaper.ts';
import { memoryStore } from './stores/memory/memory-store.ts';
import type { Logger } from './types.ts';

const ada: Key = { tenant: 'acme', userId: 'ada' };
const silent = (): void => undefined;
const logger: Logger = { debug: silent, info: silent, warn: silent, error: silent };

const setup = () => {
  const clock = createVirtualClock();
  const store = memoryStore({ clock });
  const policy = resolvePolicy();
  const random = createSeededRandom(1);
  const sessions: HeldSession[] = [];
  const ended: string[] = [];
  let failing = false;
  const renew = store.renew;
  store.renew = (leases, validUntil) =>
    failing ? Promise.reject(new Error('the store is away')) : renew(leases, validUntil);
  const late: { lease?: NodeLease } = {};
  const engine = createEngine({
    store,
    clock,
    random,
    policyOf: () => policy,
    onCommit: silent,
    onLeaseLost: async (id) => void (await late.lease?.lost(id)),
  });
  const held = {
    all: () => sessions,
    get size() {
      return sessions.length;
    },
    get users() {
      return new Set(sessions.map(({ key }) => key.userId)).size;
    },
  };
  const lease = createNodeLease({ store, clock, random, logger, policy, engine, held });
  late.lease = lease;
  const reaper = createReaper({ engine, clock, logger, everyMs: policy.reapMs });

  const connect = async (sessionId: string, key = ada): Promise<void> => {
    const shared = await lease.current();
    const { session } = await engine.execute(key, () => ({
      type: 'open',
      sessionId,
      resume: false,
      lease: { shared: lease.latest() || shared },
      device: null,
      idleMs: null,
    }));
    sessions.push({
      key,
      sessionId,
      generation: session?.generation ?? 0,
      device: null,
      openedAt: clock.now(),
      issuedAt: undefined,
      idleMs: () => null,
      isStaying: () => true,
      end: (_code, reason) => void ended.push(reason),
    });
  };

  const statusOf = async (key = ada) => (await engine.read(key)).record?.public.status;
  return {
    clock,
    store,
    engine,
    lease,
    reaper,
    connect,
    statusOf,
    ended,
    fail: (now: boolean) => (failing = now),
  };
};

describe('node lease', () => {
  it('S2: keeps every session of the node alive with one renewal for all of them', async () => {
    const { clock, connect, statusOf } = setup();
    await connect('s1');
    await clock.advance(10 * 60_000);
    expect(await statusOf()).toBe('online');
  });

  it('L1: takes its users offline 30 s after the node stopped renewing', async () => {
    const { clock, connect, statusOf, lease } = setup();
    await connect('s1');
    lease.stop();
    await clock.advance(29_000);
    expect(await statusOf()).toBe('online');
    await clock.advance(1000);
    expect(await statusOf()).toBe('offline');
  });

  it('takes a new id after a loss and attaches every session again (S12, L5)', async () => {
    const { clock, connect, statusOf, lease, fail } = setup();
    await connect('s1');
    await connect('s2', { tenant: 'acme', userId: 'grace' });
    const before: LeaseId = lease.latest();
    fail(true);
    await clock.advance(36_000);
    expect(await statusOf()).toBe('offline');
    fail(false);
    await clock.advance(6000);
    expect(lease.latest()).not.toBe(before);
    expect(await statusOf()).toBe('online');
    expect(await statusOf({ tenant: 'acme', userId: 'grace' })).toBe('online');
  });

  it('ends a session that was signed out while the lease was lost, instead of reviving it (S12)', async () => {
    const { clock, connect, statusOf, engine, ended, fail } = setup();
    await connect('s1');
    await clock.advance(1000);
    fail(true);
    await clock.advance(36_000);
    await engine.execute(ada, { type: 'sign-out' });
    fail(false);
    await clock.advance(6000);
    expect(await statusOf()).toBe('offline');
    expect(ended).toEqual(['signed_out']);
  });

  it('attaches again when the store knows fewer holders than the node has, twice in a row', async () => {
    const { clock, connect, statusOf, engine } = setup();
    await connect('s1');
    await engine.execute(ada, { type: 'forget' });
    expect(await statusOf()).toBeUndefined();
    await clock.advance(6000);
    expect(await statusOf()).toBeUndefined();
    await clock.advance(5000);
    expect(await statusOf()).toBe('online');
  });

  it('L8: lives on for the drain grace after the last renewal, and no longer', async () => {
    const { clock, connect, statusOf, lease } = setup();
    await connect('s1');
    await lease.drain();
    await clock.advance(59_000);
    expect(await statusOf()).toBe('online');
    await clock.advance(1000);
    expect(await statusOf()).toBe('offline');
  });
});

describe('reaper', () => {
  it('commits what is due within a second, so that watchers hear of it', async () => {
    const { clock, store, connect, lease } = setup();
    const heard: string[] = [];
    await store.subscribe(['acme'], {
      change: ({ record }) => void heard.push(record?.public.status ?? 'gone'),
      signal: silent,
      gap: silent,
    });
    await connect('s1');
    lease.stop();
    await clock.advance(31_000);
    expect(heard).toEqual(['online', 'offline']);
  });

  it('says how many it took offline, and stops when told', async () => {
    const { clock, connect, lease, reaper } = setup();
    await connect('s1');
    lease.stop();
    await clock.advance(29_500);
    reaper.stop();
    await clock.advance(1000);
    expect(await reaper.reap()).toBe(1);
    expect(await reaper.reap()).toBe(0);
    expect(clock.pending()).toBe(0);
  });
});

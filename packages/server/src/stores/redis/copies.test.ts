import { nodeLease, type LeaseId } from '@presence/core';
import { createVirtualClock } from '@presence/core/testing';
import type { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectRedis, createSuiteStore, missingRedis } from '../../../test-fixtures/redis.ts';
import { accepted, keyOf, renews, take, writeOf } from '../../testing/suite/writes.ts';
import { createCopies, type Copies } from './copies.ts';
import { createPartitions } from './partitions.ts';

const LEASE = nodeLease('node', 1);
const PARTITIONS = createPartitions('test', 4, 1);
const HOME = PARTITIONS.homeOf(LEASE);
const OTHER = (HOME + 1) % 4;
const holding = [writeOf('ada', { holds: [LEASE] })];

const start = (run: () => Promise<readonly (string | number)[]>): Copies =>
  createCopies(PARTITIONS, { current: () => '', run });

const told = async () => [0, 'epoch', 30_000];

const placesOf = (copies: Copies, id: LeaseId = LEASE): number[] =>
  copies.askedFor({ id, forMs: 30_000 }).map(({ partition }) => partition);

/** A renewal that meets so many holders away from home. */
const renewal = (copies: Copies, holders: number, meanwhile = (): void => undefined): void => {
  const asked = copies.askedFor({ id: LEASE, forMs: 30_000 });
  meanwhile();
  for (const each of asked) copies.counted(LEASE, each, each.partition === HOME ? 0 : holders);
};

const created = (run = told): Copies => {
  const copies = start(run);
  copies.askedFor({ id: LEASE, forMs: 30_000, create: true });
  return copies;
};

describe('where a shared lease is renewed', () => {
  it('at its home alone, until records of another partition hold it', async () => {
    const copies = created();
    expect(placesOf(copies)).toEqual([HOME]);
    await copies.beside(OTHER, holding, async () => undefined);
    expect(placesOf(copies)).toEqual([HOME, OTHER]);
  });

  it('everywhere at first: one that ended may still be held', () => {
    const asked = start(told).askedFor({ id: LEASE, forMs: 30_000, create: true });
    expect(asked.map(({ mode }) => mode).sort()).toEqual(['1', '2', '2', '2']);
  });

  it('where records were found to hold it', () => {
    const copies = created();
    copies.counted(LEASE, { partition: OTHER, mode: '2', commits: 0 }, 3);
    expect(placesOf(copies)).toEqual([HOME, OTHER]);
  });

  it('everywhere, when it is another process’s', () => {
    expect(placesOf(created(), nodeLease('other', 1))).toHaveLength(4);
  });

  it('no longer where two renewals in a row met no holder', async () => {
    const copies = created();
    await copies.beside(OTHER, holding, async () => undefined);
    for (const holders of [0, 1, 0]) renewal(copies, holders);
    expect(placesOf(copies)).toEqual([HOME, OTHER]);
    renewal(copies, 0);
    expect(placesOf(copies)).toEqual([HOME]);
  });

  it('S2: still where a commit that names it was under way meanwhile', async () => {
    const copies = created();
    await copies.beside(OTHER, holding, async () => {
      for (let round = 0; round < 3; round += 1) renewal(copies, 0);
    });
    expect(placesOf(copies)).toEqual([HOME, OTHER]);
    const begin = (): void => void copies.beside(OTHER, holding, async () => undefined);
    for (let round = 0; round < 3; round += 1) renewal(copies, 0, begin);
    expect(placesOf(copies)).toEqual([HOME, OTHER]);
  });

  it('S2: a commit waits for the copy, and a renewal does not ask for it before', async () => {
    const order: string[] = [];
    let arrive = (): void => undefined;
    const arrived = new Promise<void>((resolve) => (arrive = resolve));
    const copies = created(async () => {
      await arrived;
      order.push('copied');
      return told();
    });
    const committing = copies.beside(OTHER, holding, async () => order.push('committed'));
    expect(placesOf(copies)).toEqual([HOME]);
    arrive();
    await committing;
    expect(order).toEqual(['copied', 'copied', 'committed']);
  });

  it('a copy that failed fails its commit, and is tried again by the next', async () => {
    let isBroken = true;
    const copies = created(async () => {
      if (isBroken) throw new Error('no answer');
      return told();
    });
    const commit = () => copies.beside(OTHER, holding, async () => 'committed');
    await expect(commit()).rejects.toThrow('no answer');
    expect(placesOf(copies)).toEqual([HOME]);
    isBroken = false;
    expect(await commit()).toBe('committed');
  });
});

describe.skipIf(missingRedis('redis'))('copies of a lease on a Redis', () => {
  let redis: Redis;
  beforeAll(() => {
    redis = connectRedis();
  });
  afterAll(() => redis.disconnect());

  it('S2: a partition that was let go has the lease again, as long as it lives', async () => {
    const clock = createVirtualClock();
    const { store, dispose } = await createSuiteStore(redis, clock, { partitions: 16 });
    // Tenants of their own partitions, the lease's home perhaps among them.
    const tenants = Array.from({ length: 8 }, (_, index) => `tenant-${index}`);
    const hold = async (base: number): Promise<void> =>
      accepted(store, ...tenants.map((tenant) => writeOf('ada', { tenant, base, holds: [LEASE] })));
    const letGo = (base: number): Promise<void> =>
      accepted(store, ...tenants.map((tenant) => writeOf('ada', { tenant, base })));
    const pass = async (seconds: number): Promise<void> => {
      for (let second = 0; second < seconds; second += 5) {
        await clock.advance(5000);
        await store.due(100, 0);
        expect(await renews(store, { id: LEASE, forMs: 30_000 })).toBe(true);
      }
    };
    await take(store, LEASE, 30_000);
    await hold(0);
    await letGo(1);
    await pass(60);
    await clock.advance(1000);
    await hold(2);
    const { items } = await store.load(tenants.map((tenant) => keyOf('ada', tenant)));
    expect(items.map(({ leases }) => leases.get(LEASE))).toEqual(
      tenants.map(() => clock.now() + 29_000),
    );
    await pass(60);
    expect((await store.renew([{ id: LEASE, forMs: 1 }], null)).held.get(LEASE)).toBe(8);
    for (let second = 0; second < 30; second += 3) {
      await clock.advance(3000);
      await store.due(0, 0);
    }
    expect(await renews(store, { id: LEASE, forMs: 30_000 })).toBe(false);
    await store.close();
    await dispose?.();
  });
});

import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { PresenceClient, UserPresence } from '@presence/client';
import { startCluster, type Cluster } from './cluster.ts';
import { openSilentSocket } from './silent-socket.ts';

const PEOPLE = 45;
const DRAIN_MS = 12_000;

/** Who comes back has 12 s instead of a minute, so that who does not is seen going in time. */
const POLICY = { grace: { lostMs: 4000, closedMs: 1000, drainMs: DRAIN_MS } };

/** A node's last renewal never shortens the one before, which was for 30 s: whoever stays away is gone by then. */
const GONE_WITHIN_MS = Math.max(DRAIN_MS, 30_000) + 10_000;

/** What a rolling deploy may take for one node, from SIGTERM to its end. */
const CLOSED_WITHIN_MS = 25_000;

const redis = inject('oneRedis');

describe.skipIf('missing' in redis && redis.missing)('a rolling restart of three nodes', () => {
  const ids = Array.from({ length: PEOPLE }, (_, index) => `person-${index}`);
  const clients = new Map<string, PresenceClient>();
  /** What clients were told of others. */
  const told: (UserPresence & { readonly atMs: number })[] = [];
  let cluster: Cluster;

  beforeAll(async () => {
    cluster = await startCluster('service' in redis ? redis.service : '', POLICY);
  });

  afterAll(() => cluster?.stop());

  const connected = (): number =>
    [...clients.values()].filter((client) => client.getConnection().status === 'connected').length;

  const known = (): number =>
    [...clients.values()].filter((client) =>
      [...ids, 'sleeper'].every((id) => client.getPresence(id).version > 0),
    ).length;

  it('L8: both versions live, each node closed within 25 s, nobody who returns is seen leaving', async () => {
    const { fleet, moments, commits } = cluster;
    for (const id of ids) {
      const client = cluster.client(id);
      client.watch([...ids, 'sleeper']);
      client.on('presence', (presence) => told.push({ ...presence, atMs: Date.now() }));
      clients.set(id, client);
    }
    await expect.poll(connected, { timeout: 20_000 }).toBe(PEOPLE);
    // S8: what somebody said of themselves goes through the whole deploy.
    await clients.get('person-0')?.setStatus('busy', { message: 'Writing' });
    const sleeper = await openSilentSocket(cluster.presenceUrl('sleeper'), 'sleeper');
    await expect.poll(known, { timeout: 20_000 }).toBe(PEOPLE);
    const home = cluster.nodeOf('sleeper');
    told.length = 0;

    await fleet.deploy();
    await sleeper.closed;

    const drains = [1, 2, 3].map((id) => {
      const of = moments.filter(({ card }) => card.id === id);
      const began = of.find(({ card }) => card.state === 'draining');
      const ended = of.find(({ card }) => card.state === 'stopped');
      return { id, began: began?.atMs ?? NaN, tookMs: (ended?.atMs ?? NaN) - (began?.atMs ?? NaN) };
    });
    for (const { tookMs } of drains) expect(tookMs).toBeLessThan(CLOSED_WITHIN_MS);
    expect(moments.filter(({ card }) => card.state === 'killed')).toEqual([]);
    expect(moments.some(({ versions }) => versions.join() === '1,2')).toBe(true);
    expect(fleet.cards().map(({ state, version }) => `${state} ${version}`)).toEqual(
      Array.from({ length: 3 }, () => 'running 2'),
    );

    await expect.poll(connected, { timeout: 20_000 }).toBe(PEOPLE);
    // Whoever does not come back is seen leaving, when the grace of their node's drain is over and no earlier.
    const left = () => told.filter(({ status }) => status === 'offline');
    await expect.poll(() => left().length, { timeout: GONE_WITHIN_MS }).toBeGreaterThan(0);
    const [gone] = left();
    // Told by clients: whichever node commits it may itself end before it can say so.
    const wrong = commits.filter(
      ({ status, userId }) => status === 'offline' && userId !== 'sleeper',
    );
    expect(wrong).toEqual([]);
    const drained = drains.find(({ id }) => id === home)?.began ?? NaN;
    expect((gone?.atMs ?? NaN) - drained).toBeGreaterThan(DRAIN_MS - 1000);

    await expect
      .poll(() => [...clients.values()].map((client) => client.getPresence('sleeper').status), {
        timeout: 20_000,
      })
      .toEqual(ids.map(() => 'offline'));
    expect(left().filter(({ userId }) => userId !== 'sleeper')).toEqual([]);
    for (const client of clients.values()) {
      for (const id of ids) {
        expect(client.getPresence(id).status).toBe(id === 'person-0' ? 'busy' : 'online');
      }
    }
  }, 120_000);
});

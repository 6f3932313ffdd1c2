import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createPresenceClient, type PresenceClient } from '@presence/client';
import type { Status } from '@presence/core';
import type { PolicyOptions } from '@presence/server';
import { createFleet, type Fleet } from '../../examples/cluster/fleet.ts';
import type { NodeCard } from '../../examples/cluster/node-process.ts';
import { createPool } from '../../examples/cluster/pool.ts';
import { createProxy } from '../../examples/cluster/proxy.ts';
import { systemClock } from '../../examples/shared/clock.ts';

/** A node came into another state; `atMs` is on this process's monotonic clock. */
interface NodeMoment {
  readonly card: NodeCard;
  readonly atMs: number;
  /** Versions that ran at that moment. */
  readonly versions: readonly number[];
}

/** A change as the node told it that committed it. */
interface Commit {
  readonly userId: string;
  readonly status: Status;
  readonly atMs: number;
}

/** Three node processes over one Redis behind one proxy: those of the example. */
export interface Cluster {
  readonly fleet: Fleet;
  readonly moments: readonly NodeMoment[];
  readonly commits: readonly Commit[];
  /** Where a user's client goes. */
  presenceUrl(userId: string): string;
  /** On which node somebody's socket stands; `undefined`: on none. */
  nodeOf(userId: string): number | undefined;
  client(userId: string): PresenceClient;
  stop(): Promise<void>;
}

const PROBE_MS = 200;

export const startCluster = async (redisUrl: string, policy: PolicyOptions): Promise<Cluster> => {
  const moments: NodeMoment[] = [];
  const commits: Commit[] = [];
  const sockets = new Map<string, number>();
  const clients = new Set<PresenceClient>();

  const fleet: Fleet = createFleet({
    clock: systemClock,
    ids: [1, 2, 3],
    env: {
      REDIS_URL: redisUrl,
      PRESENCE_PREFIX: `presence-test-${randomUUID()}`,
      PRESENCE_SECRET: randomUUID(),
      PRESENCE_POLICY: JSON.stringify(policy),
    },
    changed: (card) => {
      const running = fleet.cards().filter(({ state }) => state === 'running');
      const versions = [...new Set(running.map(({ version }) => version))].toSorted(
        (left, right) => left - right,
      );
      moments.push({ card, atMs: performance.now(), versions });
    },
    presence: (userId, status) => commits.push({ userId, status, atMs: performance.now() }),
  });
  const pool = createPool(() =>
    fleet.cards().flatMap(({ id, port }) => (port === null ? [] : [{ id, port }])),
  );
  const proxy = createProxy({
    pool,
    onOpen: (userId, node) => sockets.set(userId, node),
    onClose: (userId, node) => {
      if (sockets.get(userId) === node) sockets.delete(userId);
    },
  });
  const forwarded = (url = '') => {
    const [, userId = '', path = ''] = /^\/as\/([^/]+)(\/.*)$/.exec(url) ?? [];
    return { userId, path };
  };
  const front = createServer((request, response) => {
    void proxy.request(request, response, forwarded(request.url));
  });
  front.on('upgrade', (request, stream, head) => {
    proxy.upgrade(request, stream, head, forwarded(request.url));
  });
  front.listen(0, '127.0.0.1');
  await Promise.all([once(front, 'listening'), fleet.start()]);
  const { port } = front.address() as AddressInfo;
  const stopProbing = systemClock.every(PROBE_MS, () => void pool.probe());
  const presenceUrl = (userId: string): string => `http://127.0.0.1:${port}/as/${userId}/presence`;

  return {
    fleet,
    moments,
    commits,
    presenceUrl,
    nodeOf: (userId) => sockets.get(userId),
    client: (userId) => {
      const client = createPresenceClient({
        url: presenceUrl(userId),
        userId,
        transport: 'websocket',
        activity: null,
        shareTabs: false,
      });
      clients.add(client);
      client.start();
      return client;
    },
    stop: async () => {
      for (const client of clients) client.stop();
      stopProbing();
      await fleet.kill();
      proxy.close();
      front.closeAllConnections();
      front.close();
    },
  };
};

import { Redis } from 'ioredis';
import type { RedisProcess } from '../../services/redis-server.ts';
import type { Scenario } from '../scenario.ts';
import { until } from '../waiting.ts';

const FAILED_OVER_MS = 20_000;

const asking = async <Answer>(
  { port }: RedisProcess,
  ask: (client: Redis) => Promise<Answer>,
): Promise<Answer> => {
  const client = new Redis(port, '127.0.0.1');
  try {
    return await ask(client);
  } finally {
    client.disconnect();
  }
};

/** How many users a server of the cluster keeps. */
const usersOn = (server: RedisProcess): Promise<number> =>
  asking(server, async (client) => {
    let users = 0;
    for (const key of await client.keys('*:rec')) users += await client.hlen(key);
    return users;
  });

const isMaster = (server: RedisProcess): Promise<boolean> =>
  asking(server, async (client) => {
    const [role] = (await client.role()) as unknown as [string];
    const info = (await client.call('CLUSTER', 'INFO')) as string;
    return role === 'master' && info.includes('cluster_state:ok');
  });

export const clusterFailover: Scenario = {
  name: 'cluster-failover',
  breaks:
    'the master of a cluster that keeps most users is killed (-9), and its replica takes over',
  holds: 'nobody who is connected goes offline',
  needs: 'cluster',
  keepsLinks: true,
  run: async ({ store, during, someVanish, someComeAndGo, everybodyIsThere }) => {
    const { masters, replicas } = store.cluster;
    const counts = await Promise.all(masters.map(usersOn));
    const place = counts.indexOf(Math.max(...counts));
    someVanish();
    await during('store-away', async (back) => {
      await masters[place]!.stop();
      back();
      const why = async () => ((await isMaster(replicas[place]!)) ? null : 'it is no master yet');
      await until(why, FAILED_OVER_MS);
    });
    someComeAndGo();
    await everybodyIsThere();
  },
};

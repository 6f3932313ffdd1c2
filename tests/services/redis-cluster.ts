import { Redis } from 'ioredis';
import { startRedis, type RedisProcess } from './redis-server.ts';

/** A cluster of the tests' own. */
export interface RedisClusterProcesses {
  readonly masters: readonly RedisProcess[];
  /** In the order of the masters that they follow. */
  readonly replicas: readonly RedisProcess[];
  stop(): Promise<void>;
}

const SLOTS = 16_384;
const joinMs = 20_000;

/** Soon where a replica is to take over; else late, so that a busy machine does not look like a dead one. */
const settingsFor = (withReplicas: boolean) => ({
  'cluster-enabled': 'yes',
  'cluster-node-timeout': withReplicas ? '1000' : '15000',
});

const withNode = async <Answer>(
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

const eventually = async (what: string, isSo: () => Promise<boolean>): Promise<void> => {
  const end = performance.now() + joinMs;
  while (performance.now() < end) {
    if (await isSo().catch(() => false)) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`[presence/tests] The cluster did not become ready: ${what}.`);
};

const isWhole = (nodes: readonly RedisProcess[]) => async (): Promise<boolean> => {
  const infos = await Promise.all(
    nodes.map((node) =>
      withNode(node, (client) => client.call('CLUSTER', 'INFO') as Promise<string>),
    ),
  );
  return infos.every(
    (info) =>
      info.includes('cluster_state:ok') && info.includes(`cluster_known_nodes:${nodes.length}`),
  );
};

const follow = async (replica: RedisProcess, master: RedisProcess): Promise<void> => {
  const id = (await withNode(master, (client) => client.call('CLUSTER', 'MYID'))) as string;
  await eventually('a replica knows its master', () =>
    withNode(replica, async (client) => {
      await client.call('CLUSTER', 'REPLICATE', id);
      return true;
    }),
  );
};

/** Starts masters that share the slots, each with a replica if wanted. */
export async function startRedisCluster({
  masters: count = 3,
  withReplicas = false,
}: { masters?: number; withReplicas?: boolean } = {}): Promise<RedisClusterProcesses> {
  const start = (): Promise<RedisProcess[]> =>
    Promise.all(Array.from({ length: count }, () => startRedis(settingsFor(withReplicas))));
  const masters = await start();
  const replicas = withReplicas ? await start() : [];
  const nodes = [...masters, ...replicas];
  const stop = async (): Promise<void> => {
    await Promise.all(nodes.map((node) => node.stop()));
  };
  try {
    for (const [index, master] of masters.entries()) {
      const from = Math.floor((SLOTS * index) / count);
      const to = Math.floor((SLOTS * (index + 1)) / count) - 1;
      await withNode(master, (client) => client.call('CLUSTER', 'ADDSLOTSRANGE', from, to));
    }
    for (const { port } of nodes.slice(1)) {
      await withNode(nodes[0]!, (client) => client.call('CLUSTER', 'MEET', '127.0.0.1', port));
    }
    await eventually('all know all', isWhole(nodes));
    for (const [index, replica] of replicas.entries()) await follow(replica, masters[index]!);
    await eventually('all know all', isWhole(nodes));
  } catch (error) {
    await stop();
    throw error;
  }
  return { masters, replicas, stop };
}

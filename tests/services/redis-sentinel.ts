import type { ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { findProgram } from './executable.ts';
import { freePort } from './free-port.ts';
import { startGuarded } from './guarded.ts';
import { startRedis, type RedisProcess } from './redis-server.ts';

/** A master called `presence`, and one sentinel that says where it is. */
export interface RedisSentinel {
  /** Of the sentinel. */
  readonly port: number;
  /** The one that is the master at the start. */
  readonly master: RedisProcess;
  /** Follows the master and takes its place, where one was asked for. */
  readonly replica: RedisProcess | undefined;
  stop(): Promise<void>;
}

/** A sentinel looks for replicas each ten seconds. */
const START_MS = 40_000;

/** The answer of a server to one command; `null` while it does not answer. */
const ask = async (port: number, name: string, ...args: string[]): Promise<unknown> => {
  const client = new Redis(port, '127.0.0.1', { lazyConnect: true, retryStrategy: () => null });
  client.on('error', () => undefined);
  try {
    await client.connect();
    return await client.call(name, ...args);
  } catch {
    return null;
  } finally {
    client.disconnect();
  }
};

const knowsMaster = async (port: number): Promise<boolean> =>
  (await ask(port, 'SENTINEL', 'get-master-addr-by-name', 'presence')) !== null;

/** A replica that is not known, or not in step, would never be made the master. */
const knowsReplica = async (port: number): Promise<boolean> => {
  const [first] = ((await ask(port, 'SENTINEL', 'replicas', 'presence')) ?? []) as string[][];
  const text = first?.join(' ') ?? '';
  return / flags slave /.test(text) && / master-link-status ok /.test(text);
};

const answering = async (
  port: number,
  child: ChildProcess,
  isReady: (port: number) => Promise<boolean>,
): Promise<void> => {
  const end = performance.now() + START_MS;
  while (performance.now() < end && child.exitCode === null) {
    if (await isReady(port)) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`[presence/tests] The sentinel did not answer on port ${port}.`);
};

const startReplica = async (master: RedisProcess): Promise<RedisProcess> => {
  const replica = await startRedis();
  await ask(replica.port, 'REPLICAOF', '127.0.0.1', String(master.port));
  return replica;
};

export const startRedisSentinel = async ({ withReplica = false } = {}): Promise<RedisSentinel> => {
  const master = await startRedis({ 'repl-diskless-sync-delay': '0' });
  const replica = withReplica ? await startReplica(master) : undefined;
  const port = await freePort();
  // A sentinel writes into its settings.
  const folder = mkdtempSync(join(tmpdir(), 'presence-sentinel-'));
  const file = join(folder, 'sentinel.conf');
  const settings = [
    `port ${port}`,
    'bind 127.0.0.1',
    `dir ${folder}`,
    `sentinel monitor presence 127.0.0.1 ${master.port} 1`,
    'sentinel down-after-milliseconds presence 2000',
    'sentinel failover-timeout presence 10000',
  ];
  writeFileSync(file, `${settings.join('\n')}\n`);
  const program = findProgram(['redis-server']) ?? 'redis-server';
  const { child, kill } = startGuarded(program, [file, '--sentinel'], { stdio: 'ignore' });
  const stop = async (): Promise<void> => {
    await kill();
    await master.stop();
    await replica?.stop();
    rmSync(folder, { recursive: true, force: true });
  };
  await answering(port, child, withReplica ? knowsReplica : knowsMaster).catch(
    async (error: unknown) => {
      await stop();
      throw error;
    },
  );
  return { port, master, replica, stop };
};

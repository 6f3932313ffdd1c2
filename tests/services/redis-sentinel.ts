import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { findProgram } from './executable.ts';
import { freePort } from './free-port.ts';
import { startRedis } from './redis-server.ts';

/** A master called `presence`, and one sentinel that says where it is. */
export interface RedisSentinel {
  /** Of the sentinel. */
  readonly port: number;
  stop(): Promise<void>;
}

const START_MS = 10_000;

const knowsMaster = async (port: number): Promise<boolean> => {
  const client = new Redis(port, '127.0.0.1', { lazyConnect: true, retryStrategy: () => null });
  client.on('error', () => undefined);
  try {
    await client.connect();
    return (await client.call('SENTINEL', 'get-master-addr-by-name', 'presence')) !== null;
  } catch {
    return false;
  } finally {
    client.disconnect();
  }
};

const answering = async (port: number, child: ChildProcess): Promise<void> => {
  const end = performance.now() + START_MS;
  while (performance.now() < end && child.exitCode === null) {
    if (await knowsMaster(port)) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error(`[presence/tests] The sentinel did not answer on port ${port}.`);
};

export const startRedisSentinel = async (): Promise<RedisSentinel> => {
  const master = await startRedis();
  const port = await freePort();
  // A sentinel writes into its settings.
  const folder = mkdtempSync(join(tmpdir(), 'presence-sentinel-'));
  const file = join(folder, 'sentinel.conf');
  const settings = [
    `port ${port}`,
    'bind 127.0.0.1',
    `dir ${folder}`,
    `sentinel monitor presence 127.0.0.1 ${master.port} 1`,
  ];
  writeFileSync(file, `${settings.join('\n')}\n`);
  const program = findProgram(['redis-server']) ?? 'redis-server';
  const child = spawn(program, [file, '--sentinel'], { stdio: 'ignore' });
  const kill = (): void => void child.kill('SIGKILL');
  process.once('exit', kill);
  const stop = async (): Promise<void> => {
    process.removeListener('exit', kill);
    kill();
    await master.stop();
    rmSync(folder, { recursive: true, force: true });
  };
  await answering(port, child).catch(async (error: unknown) => {
    await stop();
    throw error;
  });
  return { port, stop };
};

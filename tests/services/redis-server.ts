import type { ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { installFromDebian } from './debian.ts';
import { findProgram } from './executable.ts';
import { freePort } from './free-port.ts';
import { startGuarded } from './guarded.ts';
import { MissingService } from './missing-service.ts';

/** A Redis of the tests' own, empty, without files that outlive it. */
export interface RedisProcess {
  readonly port: number;
  readonly child: ChildProcess;
  stop(): Promise<void>;
}

const startMs = 10_000;

/** @throws MissingService where there is no server program and none can be installed */
export function redisProgram(): string {
  const installed = findProgram(['redis-server']);
  if (installed) return installed;
  const refusal = installFromDebian('redis-server');
  const fresh = findProgram(['redis-server']);
  if (fresh) return fresh;
  throw new MissingService(
    'Redis',
    `no redis-server in PATH, and ${refusal ?? 'the installed package brought none'}`,
    'Install Redis 7, or set REDIS_URL to a running one.',
  );
}

/** Whether a server answers there. */
async function answers(url: string): Promise<boolean> {
  const client = new Redis(url, {
    lazyConnect: true,
    retryStrategy: () => null,
    connectTimeout: 1000,
  });
  client.on('error', () => undefined);
  try {
    await client.connect();
    return (await client.ping()) === 'PONG';
  } catch {
    return false;
  } finally {
    client.disconnect();
  }
}

/** Resolves when the server that was just started answers. */
export const untilAnswers = async (port: number, child: ChildProcess): Promise<void> => {
  const end = performance.now() + startMs;
  while (performance.now() < end && child.exitCode === null) {
    if (await answers(`redis://127.0.0.1:${port}`)) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error(`[presence/tests] redis-server did not answer on port ${port}.`);
};

/** Starts a server on a free port, with these settings besides. */
export async function startRedis(
  settings: Readonly<Record<string, string>> = {},
): Promise<RedisProcess> {
  const program = redisProgram();
  const port = Number(settings['port'] ?? (await freePort()));
  const folder = mkdtempSync(join(tmpdir(), 'presence-redis-'));
  const all = {
    port: String(port),
    bind: '127.0.0.1',
    dir: folder,
    save: '',
    appendonly: 'no',
    ...settings,
  };
  const args = Object.entries(all).flatMap(([name, value]) => [`--${name}`, value]);
  const { child, kill } = startGuarded(program, args, { stdio: 'ignore' });
  const stop = async (): Promise<void> => {
    await kill();
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    await untilAnswers(port, child);
  } catch (error) {
    await stop();
    throw error;
  }
  return { port, child, stop };
}

const here = 'redis://127.0.0.1:6379';

/**
 * The address of a Redis: the one in REDIS_URL, else one that is there, else one of the tests' own.
 * @param started takes the one that has to be stopped
 */
export async function ensureRedis(started: RedisProcess[]): Promise<string> {
  const asked = process.env['REDIS_URL'];
  if (asked) return asked;
  if (await answers(here)) return here;
  const own = await startRedis();
  started.push(own);
  return `redis://127.0.0.1:${own.port}`;
}

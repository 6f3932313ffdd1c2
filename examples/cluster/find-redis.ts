import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { accessSync, constants, mkdtempSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Redis } from 'ioredis';

/** A Redis for the nodes, and whether it goes with this example. */
export interface FoundRedis {
  readonly url: string;
  /** Where it is, without a password: `127.0.0.1:6379`. */
  readonly address: string;
  readonly version: string;
  /** Started by the example, empty, and gone with it. */
  readonly isOwn: boolean;
  stop(): void;
}

/** Where a Redis is looked for when nobody says where one is. */
interface Usual {
  /** The address that one has by default. */
  readonly here: string;
  /** Folders for programs, besides those of PATH. */
  readonly folders: readonly string[];
}

const USUAL: Usual = {
  here: 'redis://127.0.0.1:6379',
  folders: ['/usr/bin', '/usr/local/bin', '/opt/homebrew/bin'],
};
const START_TRIES = 100;

const versionAt = async (url: string): Promise<string | null> => {
  const client = new Redis(url, {
    lazyConnect: true,
    connectTimeout: 1000,
    retryStrategy: () => null,
  });
  client.on('error', () => undefined);
  try {
    await client.connect();
    return /redis_version:(\S+)/.exec(await client.info('server'))?.[1] ?? 'unknown';
  } catch {
    return null;
  } finally {
    client.disconnect();
  }
};

const programIn = (folders: readonly string[]): string | undefined =>
  folders
    .filter(Boolean)
    .map((folder) => join(folder, 'redis-server'))
    .find((file) => {
      try {
        accessSync(file, constants.X_OK);
        return true;
      } catch {
        return false;
      }
    });

const freePort = async (): Promise<number> => {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, 'close');
  return port;
};

/** An empty server that keeps nothing. */
const startOwn = async (program: string): Promise<FoundRedis> => {
  const port = await freePort();
  const folder = mkdtempSync(join(tmpdir(), 'presence-example-'));
  const settings = { port: String(port), bind: '127.0.0.1', dir: folder, save: '' };
  const args = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value]);
  // A process group of its own: Ctrl+C is for the nodes first.
  const child = spawn(program, args, { stdio: 'ignore', detached: true });
  let problem = '';
  child.once('error', (error) => (problem = error.message));
  const stop = (): void => {
    child.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  };
  process.once('exit', stop);
  const address = `127.0.0.1:${port}`;
  for (let tried = 0; tried < START_TRIES; tried += 1) {
    if (problem || child.exitCode !== null) break;
    const version = await versionAt(`redis://${address}`);
    if (version) return { url: `redis://${address}`, address, version, isOwn: true, stop };
    await delay(50);
  }
  throw new Error(`${program} did not start: ${problem || `it ended with ${child.exitCode}`}.`);
};

const given = (url: string, version: string): FoundRedis => {
  const { hostname, port } = new URL(url);
  const stop = (): void => undefined;
  return { url, address: `${hostname}:${port || 6379}`, version, isOwn: false, stop };
};

/**
 * The Redis of REDIS_URL, else one on this machine's usual port, else one that is started for the example.
 *
 * @throws Error that says what to install or to set
 */
export const findRedis = async (
  env: NodeJS.ProcessEnv,
  { here, folders }: Usual = USUAL,
): Promise<FoundRedis> => {
  const asked = env.REDIS_URL;
  const version = await versionAt(asked ?? here);
  if (version) return given(asked ?? here, version);
  if (asked) throw new Error('REDIS_URL is set, but no Redis answers there. Correct or unset it.');
  const program = programIn([...(env.PATH ?? '').split(delimiter), ...folders]);
  if (program) return startOwn(program);
  throw new Error(
    `This example needs Redis 7, and found none: nothing answers on ${new URL(here).host}, and there is no redis-server in PATH.\n` +
      'Install it (Debian and Ubuntu: apt install redis-server; macOS: brew install redis), or set REDIS_URL to a running one.',
  );
};

import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import type { PolicyOptions } from '@presence/server';

const server = fileURLToPath(new URL('../../examples/quickstart/server.ts', import.meta.url));

/** The default policy with seconds for most of its minutes, so that nobody waits. */
export const QUICK: PolicyOptions = {
  awayAfterMs: 120_000,
  offlineAfterIdleMs: 600_000,
  pingMs: 1000,
  pongTimeoutMs: 1000,
  grace: { lostMs: 1500, closedMs: 2500 },
};

/** The demo, as `npm start` runs it, without its simulated colleagues. */
export interface Quickstart {
  readonly url: string;
  /** `kill -9`. */
  kill(): Promise<void>;
  /** On the same port as before. */
  start(): Promise<void>;
  stop(): Promise<void>;
}

/** The token of a login of the demo, for requests beside the browser. */
export const signIn = async (url: string, userId: string): Promise<string> => {
  const response = await fetch(`${url}/api/sign-in`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ userId }),
  });
  return ((await response.json()) as { token: string }).token;
};

const freePort = async (): Promise<number> => {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, 'close');
  return port;
};

const started = (child: ChildProcess, port: number): Promise<void> =>
  new Promise((resolve, reject) => {
    let printed = '';
    const read = (chunk: Buffer): void => {
      printed += chunk.toString();
      if (printed.includes(`:${port}`)) resolve();
    };
    child.stdout?.on('data', read);
    child.stderr?.on('data', read);
    child.once('exit', (code) => reject(new Error(`The demo ended with ${code}:\n${printed}`)));
  });

export const startQuickstart = async (policy: PolicyOptions): Promise<Quickstart> => {
  const port = await freePort();
  let child: ChildProcess | null = null;

  const start = async (): Promise<void> => {
    child = spawn(process.execPath, ['--conditions=@presence/source', '--no-warnings', server], {
      env: {
        ...process.env,
        PORT: String(port),
        COLLEAGUES: 'off',
        QUICKSTART_POLICY: JSON.stringify(policy),
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    await started(child, port);
  };

  const end = async (signal: NodeJS.Signals): Promise<void> => {
    if (!child || child.exitCode !== null) return;
    const ended = once(child, 'exit');
    child.kill(signal);
    await ended;
    child = null;
  };

  await start();
  return {
    url: `http://localhost:${port}`,
    start,
    kill: () => end('SIGKILL'),
    stop: () => end('SIGTERM'),
  };
};

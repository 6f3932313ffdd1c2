import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { freePort } from '../services/free-port.ts';

/** A running example. */
export interface Example {
  readonly url: string;
  /** Everything that it said since it was last started. */
  printed(): string;
  /** `kill -9`. */
  kill(): Promise<void>;
  /** On the same port as before. */
  start(): Promise<void>;
  stop(): Promise<void>;
}

const started = (child: ChildProcess, port: number, note: (said: string) => void): Promise<void> =>
  new Promise((resolve, reject) => {
    let printed = '';
    const read = (chunk: Buffer): void => {
      printed += chunk.toString();
      note(printed);
      if (printed.includes(`:${port}`)) resolve();
    };
    child.stdout?.on('data', read);
    child.stderr?.on('data', read);
    child.once('exit', (code) => reject(new Error(`The demo ended with ${code}:\n${printed}`)));
  });

/** @param program below `examples/`, such as `quickstart/server.ts` */
export const startExample = async (
  program: string,
  env: Readonly<Record<string, string>>,
): Promise<Example> => {
  const file = fileURLToPath(new URL(`../../examples/${program}`, import.meta.url));
  const port = await freePort();
  let child: ChildProcess | null = null;
  let printed = '';

  const start = async (): Promise<void> => {
    child = spawn(process.execPath, ['--conditions=@presence/source', '--no-warnings', file], {
      env: { ...process.env, ...env, PORT: String(port) },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    await started(child, port, (said) => (printed = said));
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
    printed: () => printed,
    start,
    kill: () => end('SIGKILL'),
    stop: () => end('SIGTERM'),
  };
};

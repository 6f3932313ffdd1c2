import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { redisProgram, untilAnswers } from '../../services/redis-server.ts';
import { startGuarded, type Guarded } from '../../services/guarded.ts';
import { freePort } from '../../services/free-port.ts';

/** A Redis of a test's own that can be killed and come back, on the same port. */
export interface PrivateRedis {
  readonly port: number;
  kill(): Promise<void>;
  /** @param withData as it was written to its log; else empty */
  start(withData: boolean): Promise<void>;
  /** The process stands still, and nothing is closed. */
  pause(): void;
  resume(): void;
  stop(): Promise<void>;
}

/** Everything acknowledged is in the log when the process is killed, though the disk may not have it yet. */
const KEPT = ['--appendonly', 'yes', '--appendfsync', 'everysec', '--save', ''];

export const startPrivateRedis = async (): Promise<PrivateRedis> => {
  const program = redisProgram();
  const port = await freePort();
  let folder = '';
  let server: Guarded | null = null;

  const forget = (): void => {
    if (folder !== '') rmSync(folder, { recursive: true, force: true });
    folder = '';
  };

  const start = async (withData: boolean): Promise<void> => {
    if (!withData) forget();
    if (folder === '') folder = mkdtempSync(join(tmpdir(), 'presence-faults-'));
    const args = ['--port', String(port), '--bind', '127.0.0.1', '--dir', folder, ...KEPT];
    server = startGuarded(program, args, { stdio: 'ignore' });
    await untilAnswers(port, server.child);
  };

  const kill = async (): Promise<void> => {
    await server?.kill();
    server = null;
  };

  await start(false);
  return {
    port,
    kill,
    start,
    pause: () => server?.signal('SIGSTOP'),
    resume: () => server?.signal('SIGCONT'),
    stop: async () => {
      await kill();
      forget();
    },
  };
};

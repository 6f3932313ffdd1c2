import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findProgram } from './executable.ts';
import { startGuarded, type Guarded } from './guarded.ts';

/** A database server of the tests' own, empty, without files that outlive it. */
export interface DatabaseProcess {
  readonly port: number;
  readonly url: string;
  readonly process: Guarded;
  /** Starts it again on the same files and port, after it was killed. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

const START_MS = 60_000;

/** Waits until the server that was just started answers. */
const untilAnswers = async (
  name: string,
  child: Pick<Guarded, 'isRunning'>,
  answers: () => Promise<boolean>,
): Promise<void> => {
  const end = performance.now() + START_MS;
  while (performance.now() < end && child.isRunning) {
    if (await answers()) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`[presence/tests] ${name} did not answer.`);
};

const run = (program: string, args: readonly string[]): void => {
  const { status, stderr, error } = spawnSync(program, args, { encoding: 'utf8' });
  if (status === 0) return;
  throw new Error(`[presence/tests] ${program} failed: ${stderr || String(error)}`);
};

/** Databases refuse to run as root: the way to run a program as a user who may own `folder`. */
const asUser = (
  user: string,
  folder: string,
): ((program: string, args: readonly string[]) => [string, string[]]) => {
  if (process.getuid?.() !== 0) return (program, args) => [program, [...args]];
  run('chown', ['-R', user, folder]);
  const setpriv = findProgram(['setpriv']) ?? 'setpriv';
  const become = ['--reuid', user, '--regid', user, '--clear-groups'];
  return (program, args) => [setpriv, [...become, program, ...args]];
};

interface Started {
  readonly name: string;
  readonly user: string;
  readonly port: number;
  readonly url: string;
  /** Writes the files of a new database. */
  initialise(folder: string): readonly [string, readonly string[]];
  serve(folder: string): readonly [string, readonly string[]];
  answers(): Promise<boolean>;
}

export const startDatabase = async (given: Started): Promise<DatabaseProcess> => {
  const folder = mkdtempSync(join(tmpdir(), 'presence-db-'));
  const become = asUser(given.user, folder);
  const clean = (): void => rmSync(folder, { recursive: true, force: true });
  const serve = async (): Promise<Guarded> => {
    const [program, args] = become(...given.serve(folder));
    const child = startGuarded(program, args, { stdio: 'ignore' });
    await untilAnswers(given.name, child, given.answers);
    return child;
  };
  try {
    run(...become(...given.initialise(folder)));
    let guarded = await serve();
    return {
      port: given.port,
      url: given.url,
      get process() {
        return guarded;
      },
      restart: async () => {
        guarded = await serve();
      },
      stop: async () => {
        await guarded.kill();
        clean();
      },
    };
  } catch (error) {
    clean();
    throw error;
  }
};

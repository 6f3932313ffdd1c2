import { spawn, type ChildProcess, type SpawnOptions } from 'node:child_process';

/** A process that does not outlive the one that started it, not even when that one is killed. */
export interface Guarded {
  readonly child: ChildProcess;
  readonly pid: number;
  readonly isRunning: boolean;
  /** Resolves when it is gone. */
  kill(signal?: NodeJS.Signals): Promise<void>;
  signal(signal: NodeJS.Signals): void;
}

/** Whether a process with this number exists. */
export const exists = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

/** Waits for the end of its input, which is the end of this process, and kills. */
const GUARD = 'read -r _; kill -9 "$1" 2>/dev/null';

const started = new Set<number>();

/** Processes that were started here and are still there, guards included. */
export const leftOver = (): readonly number[] => [...started].filter(exists);

const note = (child: ChildProcess): number => {
  const { pid } = child;
  if (pid === undefined) throw new Error('[presence/tests] A process could not be started.');
  started.add(pid);
  child.once('exit', () => started.delete(pid));
  return pid;
};

const ended = (child: ChildProcess): Promise<void> =>
  new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) resolve();
    else child.once('exit', () => resolve());
  });

export const startGuarded = (
  program: string,
  args: readonly string[],
  options: SpawnOptions,
): Guarded => {
  const child = spawn(program, args, options);
  const pid = note(child);
  const guard = spawn('sh', ['-c', GUARD, 'guard', String(pid)], {
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  note(guard);
  // Before anybody else could get the number.
  child.once('exit', () => guard.kill('SIGKILL'));
  const isRunning = (): boolean => child.exitCode === null && child.signalCode === null;
  return {
    child,
    pid,
    get isRunning() {
      return isRunning();
    },
    kill: async (signal = 'SIGKILL') => {
      if (isRunning()) child.kill(signal);
      await Promise.all([ended(child), ended(guard)]);
    },
    signal: (signal) => void child.kill(signal),
  };
};

import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DatabaseProcess } from '../../services/database-process.ts';
import { startMariadb } from '../../services/mariadb.ts';
import { startPostgres } from '../../services/postgres.ts';
import { until } from '../waiting.ts';
import type { DatabaseKind } from './settings.ts';

/** A database of a test's own that can be killed and come back, or stand still. */
export interface PrivateDatabase {
  readonly kind: DatabaseKind;
  readonly address: string;
  /** Whether it is a server, and not a file in the node's own process. */
  readonly isServer: boolean;
  kill(): Promise<void>;
  restart(): Promise<void>;
  pause(): void;
  resume(): void;
  stop(): Promise<void>;
}

const childrenOf = (pid: number): number[] => {
  const { stdout } = spawnSync('ps', ['-o', 'pid=', '--ppid', String(pid)], { encoding: 'utf8' });
  return stdout.split('\n').map(Number).filter(Boolean);
};

const tell = (pid: number, signal: NodeJS.Signals): void => {
  try {
    process.kill(pid, signal);
  } catch {
    // It is gone.
  }
};

const isThere = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

const GONE_MS = 20_000;

const serverOf = (kind: DatabaseKind, server: DatabaseProcess): PrivateDatabase => {
  /** Postgres has a process for each connection. */
  const all = (): number[] => [server.process.pid, ...childrenOf(server.process.pid)];
  return {
    kind,
    address: server.url,
    isServer: true,
    kill: async () => {
      const pids = all();
      await server.process.kill();
      for (const pid of pids) tell(pid, 'SIGKILL');
      await until(() => (pids.some(isThere) ? 'a process is left' : null), GONE_MS);
    },
    restart: () => server.restart(),
    pause: () => all().forEach((pid) => tell(pid, 'SIGSTOP')),
    resume: () => all().forEach((pid) => tell(pid, 'SIGCONT')),
    stop: () => server.stop(),
  };
};

const fileOf = (): PrivateDatabase => {
  const folder = mkdtempSync(join(tmpdir(), 'presence-sqlite-'));
  const nothing = async (): Promise<void> => undefined;
  return {
    kind: 'SQLite',
    address: join(folder, 'presence.db'),
    isServer: false,
    kill: nothing,
    restart: nothing,
    pause: () => undefined,
    resume: () => undefined,
    stop: async () => rmSync(folder, { recursive: true, force: true }),
  };
};

/** @throws MissingService where there is no server program and none can be installed */
export const startPrivateDatabase = async (kind: DatabaseKind): Promise<PrivateDatabase> => {
  if (kind === 'SQLite') return fileOf();
  return serverOf(kind, await (kind === 'Postgres' ? startPostgres() : startMariadb()));
};

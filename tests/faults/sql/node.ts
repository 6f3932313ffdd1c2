import { fileURLToPath } from 'node:url';
import { startGuarded } from '../../services/guarded.ts';
import type { SqlNodeSettings, SqlNodeWord } from './settings.ts';

/** A node over SQL in a process of its own. */
export interface SqlNode {
  readonly port: number;
  readonly isRunning: boolean;
  readonly log: string;
  kill(): Promise<void>;
}

const program = fileURLToPath(new URL('main.ts', import.meta.url));
const FLAGS = ['--conditions=@presence/source', '--disable-warning=ExperimentalWarning'];
const LOG = 20_000;

/** Resolves when it listens. */
export const startSqlNode = async (settings: SqlNodeSettings): Promise<SqlNode> => {
  const started = startGuarded(process.execPath, [...FLAGS, program, JSON.stringify(settings)], {
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    env: { ...process.env, NODE_OPTIONS: '' },
  });
  const { child } = started;
  let log = '';
  child.stderr!.setEncoding('utf8').on('data', (text: string) => {
    log = (log + text).slice(-LOG);
  });
  const port = await new Promise<number>((resolve, reject) => {
    child.once('message', (word: SqlNodeWord) => resolve(word.port));
    child.once('exit', () => reject(new Error(`[presence/tests] A node ended:\n${log}`)));
  });
  return {
    port,
    get isRunning() {
      return started.isRunning;
    },
    get log() {
      return log;
    },
    kill: () => started.kill(),
  };
};

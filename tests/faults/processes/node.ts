import { fileURLToPath } from 'node:url';
import type { Lag } from '../history/history.ts';
import type { NodeOrder, NodeSettings, NodeWord } from '../node/settings.ts';
import { startGuarded } from '../../services/guarded.ts';

/** A presence node in a process of its own. */
export interface NodeProcess {
  /** Each process has another. */
  readonly name: string;
  readonly port: number;
  readonly isRunning: boolean;
  /** The last lines that it logged. */
  readonly log: readonly string[];
  /** Without a word to anybody. */
  kill(): Promise<void>;
  /** As a deploy does; resolves when every socket is closed and the process is gone. */
  drain(): Promise<void>;
  signOut(userId: string): Promise<void>;
}

const program = fileURLToPath(new URL('../node/main.ts', import.meta.url));
const FLAGS = ['--conditions=@presence/source', '--disable-warning=ExperimentalWarning'];
const LINES = 400;

type Told<Order> = Order extends unknown ? Omit<Order, 'id'> : never;

/** Resolves when it listens. */
export const startNode = async (
  settings: NodeSettings,
  onLag: (lag: Lag) => void,
): Promise<NodeProcess> => {
  const { child, kill } = startGuarded(
    process.execPath,
    [...FLAGS, program, JSON.stringify(settings)],
    { stdio: ['ignore', 'ignore', 'pipe', 'ipc'], env: { ...process.env, NODE_OPTIONS: '' } },
  );
  const log: string[] = [];
  child.stderr!.setEncoding('utf8').on('data', (text: string) => {
    log.push(...text.split('\n').filter(Boolean));
    log.splice(0, log.length - LINES);
  });
  const waiting = new Map<number, (error?: string) => void>();
  const port = await new Promise<number>((resolve, reject) => {
    child.on('message', (word: NodeWord) => {
      if (word.says === 'ready') return resolve(word.port);
      if (word.says === 'lag') return onLag({ who: settings.name, at: word.at, ms: word.ms });
      waiting.get(word.id)?.(word.error);
      waiting.delete(word.id);
    });
    child.once('exit', () => {
      reject(new Error(`[presence/tests] ${settings.name} ended:\n${log.join('\n')}`));
      for (const tell of waiting.values()) tell('the process ended');
    });
  });
  let orders = 0;
  const order = (told: Told<NodeOrder>): Promise<void> =>
    new Promise((resolve, reject) => {
      const id = (orders += 1);
      waiting.set(id, (error) => (error === undefined ? resolve() : reject(new Error(error))));
      child.send({ ...told, id });
    });
  return {
    name: settings.name,
    port,
    log,
    get isRunning() {
      return child.exitCode === null && child.signalCode === null;
    },
    kill: () => kill(),
    drain: async () => {
      await order({ do: 'drain' });
      await kill();
    },
    signOut: (userId) => order({ do: 'sign-out', userId }),
  };
};

import { createHash } from 'node:crypto';
import type { Connection } from './client.ts';
import type { Deadline } from '../shared/deadline.ts';
import { unavailable } from './failures.ts';
import type { Partitions } from './partitions.ts';
import { SERVER_CLOCK, type SCRIPTS } from './scripts.generated.ts';

export type ScriptName = keyof typeof SCRIPTS;

/** The text of each operation, without its clock. */
export type ScriptTexts = Readonly<Record<ScriptName, string>>;

/** What a script answers: numbers, texts, and `null` for nothing. Its first two are the instant and the epoch. */
export type Reply = readonly (string | number | null)[];

/**
 * Where scripts read the time. `lua` defines `now`; `key` is an extra key for each call. Only the
 * conformance suite's store has another than the server's: see `suite-store.ts`.
 */
export interface ScriptClock {
  readonly lua: string;
  key?(partition: number): string;
}

export const serverClock: ScriptClock = Object.freeze({ lua: SERVER_CLOCK });

export interface Scripts {
  /** Runs an operation in one partition. Rejects with `store_unavailable`, within the deadline. */
  run(name: ScriptName, partition: number, args: readonly (string | number)[]): Promise<Reply>;
}

interface ScriptsParts {
  readonly connection: Connection;
  readonly partitions: Partitions;
  readonly deadline: Deadline;
  readonly clock: ScriptClock;
  readonly texts: ScriptTexts;
}

const isMissing = (error: unknown): boolean =>
  error instanceof Error && error.message.startsWith('NOSCRIPT');

const pending = new WeakMap<Connection, Promise<void>>();

/** Waits until commands can be sent; the deadline is the caller's. */
export const whenReady = (connection: Connection): Promise<void> => {
  if (connection.status === 'ready') return Promise.resolve();
  let waiting = pending.get(connection);
  if (!waiting) {
    // One listener for everybody who waits.
    waiting = new Promise((resolve) => {
      connection.once('ready', () => {
        pending.delete(connection);
        resolve();
      });
    });
    pending.set(connection, waiting);
  }
  return waiting;
};

export const createScripts = ({
  connection,
  partitions,
  deadline,
  clock,
  texts,
}: ScriptsParts): Scripts => {
  const known = new Map(
    Object.entries(texts).map(([name, body]) => {
      const text = clock.lua + body;
      return [name, { text, sha: createHash('sha1').update(text).digest('hex') }];
    }),
  );

  const keysOf = (partition: number): readonly string[] => {
    const keys = partitions.keys(partition);
    return clock.key ? [...keys, clock.key(partition)] : keys;
  };

  const send: Scripts['run'] = async (name, partition, args) => {
    if (connection.status !== 'ready') await whenReady(connection);
    const { text, sha } = known.get(name)!;
    const keys = keysOf(partition);
    try {
      return (await connection.evalsha(sha, keys.length, ...keys, ...args)) as Reply;
    } catch (error) {
      // Restarted, failed over or never seen: from then on it knows the script.
      if (!isMissing(error)) throw error;
      return (await connection.eval(text, keys.length, ...keys, ...args)) as Reply;
    }
  };

  return {
    run: async (name, partition, args) => {
      try {
        return await deadline(send(name, partition, args));
      } catch (error) {
        throw unavailable(error);
      }
    },
  };
};

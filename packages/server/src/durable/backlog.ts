import type { Cancel, Clock } from '@presence/core';
import { keyText } from '../engine/keys.ts';
import type { Logger } from '../types.ts';
import type { Kept, Sink } from './sink.ts';

/** Commits of the live store on their way into the sink. */
export interface Backlog {
  add(user: Kept): void;
  /** Tries once more to write everything, and stops. */
  close(): Promise<void>;
}

const EVERY_MS = 100;
/** While the sink does not answer. */
const AGAIN_MS = 2000;
const BATCH = 100;
/** Bounds for the time that a sink is down: beyond them the oldest go, and the rounds bring the user later. */
const MOST_USERS = 50_000;

/** Of two commits of one user the newer is enough. */
const newer = (a: Kept | undefined, b: Kept): Kept => (a && a.revision > b.revision ? a : b);

/** Users by name, the oldest first. */
const createWaiting = (logger: Logger) => {
  const waiting = new Map<string, Kept>();
  return {
    put: (user: Kept): void => {
      const name = keyText(user.key);
      waiting.set(name, newer(waiting.get(name), user));
      if (waiting.size <= MOST_USERS) return;
      waiting.delete(waiting.keys().next().value!);
      logger.error(
        {},
        `[presence/sink] More than ${MOST_USERS} users wait to be written; the oldest is left for later.`,
      );
    },
    take: (most: number): Kept[] => {
      const batch: Kept[] = [];
      for (const [name, user] of waiting) {
        if (batch.length === most) break;
        waiting.delete(name);
        batch.push(user);
      }
      return batch;
    },
    size: () => waiting.size,
  };
};

export const createBacklog = (
  sink: Pick<Sink, 'write'>,
  { clock, logger }: { readonly clock: Clock; readonly logger: Logger },
): Backlog => {
  const waiting = createWaiting(logger);
  let timer: Cancel | null = null;
  let writing: Promise<void> = Promise.resolve();
  let isClosed = false;

  const writeAll = async (): Promise<void> => {
    while (waiting.size() > 0) {
      const users = waiting.take(BATCH);
      try {
        await sink.write(users, []);
      } catch (error) {
        users.forEach(waiting.put);
        throw error;
      }
    }
  };

  const failed = (error: unknown, what: string): void =>
    logger.warn({ err: error, users: waiting.size() }, `[presence/sink] ${what}`);

  const write = async (): Promise<void> => {
    timer = null;
    try {
      await writeAll();
      schedule(EVERY_MS);
    } catch (error) {
      failed(error, 'Writing failed and is tried again.');
      schedule(AGAIN_MS);
    }
  };

  const schedule = (afterMs: number): void => {
    if (timer || isClosed || waiting.size() === 0) return;
    timer = clock.after(afterMs, () => {
      writing = write();
    });
  };

  return {
    add: (user) => {
      waiting.put(user);
      schedule(EVERY_MS);
    },
    close: async () => {
      isClosed = true;
      timer?.();
      await writing;
      await writeAll().catch((error: unknown) =>
        failed(error, 'Closed before everything was written.'),
      );
    },
  };
};

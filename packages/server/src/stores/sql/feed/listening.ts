import type { Cancel } from '@presence/core';
import type { Logger } from '../../../types.ts';
import type { Parts } from '../parts.ts';
import { nameOf, type Tables } from '../tables.ts';

/** What is asked of a client of `pg` that was taken from its pool. */
export interface ListenClient {
  query(text: string): Promise<unknown>;
  on(event: 'notification' | 'error' | 'end', heard: (error?: Error) => void): unknown;
  removeListener(event: 'notification' | 'error' | 'end', heard: (error?: Error) => void): unknown;
  /** @param destroy closes the connection instead of keeping it for others */
  release(destroy?: boolean): void;
}

/** What is asked of a `Pool` of `pg`. */
export interface ListenPool {
  connect(): Promise<ListenClient>;
  on(event: 'error', heard: (error: Error) => void): unknown;
  on(event: 'acquire', heard: (client: ListenClient) => void): unknown;
}

/** Postgres cuts the names of channels. */
const LONGEST = 63;

/** Others may use it too: who hears of it looks, and finds nothing. */
export const channelOf = ({ place }: Tables): string => nameOf(place, 'feed').slice(-LONGEST);

/**
 * A connection that is lost emits an error, in the hands of whoever took it from the pool as well:
 * where nobody hears of it, the process ends. The statement under way fails by itself.
 */
export const hearErrors = (pool: ListenPool, logger: Logger): void => {
  const hear = (err?: Error): void =>
    logger.warn({ err }, '[presence/sql] A connection to Postgres was lost.');
  const heard = new WeakSet<ListenClient>();
  pool.on('error', hear);
  pool.on('acquire', (client) => {
    if (heard.has(client)) return;
    heard.add(client);
    client.on('error', hear);
  });
};

const FIRST_MS = 100;
const LONGEST_MS = 5000;

/** Resolves when the connection listens; `onEnd` is called once, however it ends. */
const open = async (
  pool: ListenPool,
  channel: string,
  onHint: () => void,
  onEnd: () => void,
): Promise<Cancel> => {
  const client = await pool.connect();
  let isOver = false;
  const end = (isLost: boolean): void => {
    if (isOver) return;
    isOver = true;
    client.removeListener('notification', onHint);
    client.removeListener('end', lose);
    client.release(true);
    if (isLost) onEnd();
  };
  const lose = (): void => end(true);
  client.on('notification', onHint);
  // Stays: what is destroyed may still fail.
  client.on('error', lose);
  client.on('end', lose);
  try {
    await client.query(`listen "${channel}"`);
  } catch (error) {
    end(false);
    throw error;
  }
  return () => end(false);
};

/**
 * Listens for commits on a connection of the pool, and opens it again whenever it is lost. Whatever
 * was missed meanwhile is found by whoever polls.
 */
export const createListening = (
  { channel, clock, random, logger }: Parts,
  pool: ListenPool,
  onHint: () => void,
): Cancel => {
  let isStopped = false;
  let stop: Cancel | null = null;
  let failures = 0;

  const again = (err?: unknown): void => {
    stop = null;
    if (isStopped) return;
    const waitMs = Math.min(LONGEST_MS, FIRST_MS * 2 ** failures) * (0.5 + random.next() / 2);
    failures += 1;
    logger.warn(
      { err },
      '[presence/sql] Listening failed; commits are found by polling meanwhile.',
    );
    stop = clock.after(waitMs, () => void begin());
  };

  const begin = async (): Promise<void> => {
    try {
      const close = await open(pool, channel!, onHint, again);
      failures = 0;
      if (isStopped) close();
      else stop = close;
      onHint();
    } catch (error) {
      again(error);
    }
  };

  void begin();
  return () => {
    isStopped = true;
    stop?.();
  };
};

import type { Cancel } from '@presence/core';
import type { Node } from '../context.ts';

export interface Resync {
  start(): void;
  stop(): void;
}

/** After a gap that could not be read over, the next try. */
const RETRY_MS = 1000;

/** Reads everything that this node holds anew when messages of the feed were lost. */
export const createResync = (
  { clock, logger }: Pick<Node['options'], 'clock' | 'logger'>,
  readAll: () => Promise<void>,
): Resync => {
  let cancel: Cancel | null = null;
  let isOver = false;
  let isWanted = false;
  let isRunning = false;

  const run = async (): Promise<void> => {
    if (isRunning || isOver || !isWanted) return;
    isRunning = true;
    isWanted = false;
    try {
      await readAll();
    } catch (error) {
      logger.warn({ err: error }, '[presence/realtime] Reading after lost messages failed.');
      isWanted = true;
      cancel = clock.after(RETRY_MS, () => void run());
      return;
    } finally {
      isRunning = false;
    }
    // Messages may have been lost again while it read.
    await run();
  };

  return {
    start: () => {
      isWanted = true;
      void run();
    },
    stop: () => {
      isOver = true;
      cancel?.();
    },
  };
};

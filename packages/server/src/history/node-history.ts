import type { Clock, Instant } from '@presence/core';
import type { OwnCommit } from '../engine/user-queue.ts';
import type { Logger } from '../types.ts';
import type { History } from './history.ts';
import type { ResolvedHistory } from './options.ts';
import { createRecorder } from './recorder.ts';

/** The history as a node writes and trims it. */
export interface NodeHistory {
  readonly keep: History;
  /** Writes down what a commit of this node brought, where the store has not done it. */
  record(commit: OwnCommit): void;
  /** Resolves when it holds everything that this node committed. */
  flush(): Promise<void>;
  /** Deletes what is too old, a batch at a turn. Never rejects. */
  trim(at: Instant): Promise<void>;
  close(): Promise<void>;
}

interface Parts {
  readonly clock: Clock;
  readonly logger: Logger;
}

const TRIM_EVERY_MS = 60_000;
/** Others who write wait for such a batch for some milliseconds. */
const TRIM_BATCH = 2000;

const createTrim = ({ keep, retentionMs }: ResolvedHistory, logger: Logger) => {
  let trimmedAt = -Infinity;
  return async (at: Instant): Promise<void> => {
    if (at - trimmedAt < TRIM_EVERY_MS) return;
    trimmedAt = at;
    try {
      const { more } = await keep.trim(at - retentionMs, TRIM_BATCH);
      // The next batch comes with the next turn.
      if (more) trimmedAt = -Infinity;
    } catch (error) {
      logger.warn({ err: error }, '[presence/history] Trimming failed; a later turn tries again.');
    }
  };
};

const NOTHING_TO_DO = Object.freeze({
  record: () => undefined,
  flush: () => Promise.resolve(),
  stop: () => undefined,
});

export const createNodeHistory = (
  history: ResolvedHistory,
  { clock, logger }: Parts,
): NodeHistory => {
  const { keep, isKeptByStore } = history;
  const recorder = isKeptByStore ? NOTHING_TO_DO : createRecorder({ keep, clock, logger });
  return {
    keep,
    record: recorder.record,
    flush: recorder.flush,
    trim: createTrim(history, logger),
    close: async () => {
      recorder.stop();
      await recorder.flush().catch((error: unknown) => {
        logger.error(
          { err: error },
          '[presence/history] Transitions of the last moments are lost.',
        );
      });
    },
  };
};

import { isPresenceError, type Cancel, type Clock, type Instant, type Step } from '@presence/core';
import type { OwnCommit } from '../engine/user-queue.ts';
import { oneAtATime } from '../one-at-a-time.ts';
import type { Logger } from '../types.ts';
import type { History, UserSteps } from './history.ts';

interface RecorderParts {
  readonly keep: History;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Writes the steps of this node's commits into a history that is not the store's own. */
export interface Recorder {
  record(commit: Pick<OwnCommit, 'key' | 'write'>): void;
  /** Resolves when everything recorded so far is written; rejects where it cannot be. */
  flush(): Promise<void>;
  stop(): void;
}

interface Waiting {
  readonly entry: UserSteps;
  readonly since: Instant;
}

/** Entries of one call. */
const BATCH = 200;
/** Entries that wait for a history that does not answer. What comes then is written with the user's next step. */
const MOST_WAITING = 50_000;
const AGAIN_MS = 1000;
/** Shorter than an erasure is remembered: nothing that was erased meanwhile comes back. */
const LONGEST_WAIT_MS = 1_800_000;

/**
 * With the last ones of the record, so that what another node could not write before it died is not
 * missed: the history takes each step once.
 */
const entryOf = ({ key, write }: Pick<OwnCommit, 'key' | 'write'>): UserSteps => {
  const steps = new Map<number, Step>();
  for (const step of [...(write.record?.steps ?? []), ...write.steps]) {
    steps.set(step.revision, step);
  }
  return { key, steps: [...steps.values()] };
};

type Lose = (error?: unknown) => void;

const isRefused = (error: unknown): boolean =>
  isPresenceError(error) && error.code === 'invalid_request';

/** Adds a batch. One user whose ids the history cannot hold must not keep all others waiting. */
const createAppend = (keep: History, lose: Lose) => {
  const appendEach = async (entries: readonly UserSteps[]): Promise<void> => {
    for (const entry of entries) {
      await keep.append([entry]).catch((error: unknown) => {
        if (!isRefused(error)) throw error;
        lose(error);
      });
    }
  };
  return (entries: readonly UserSteps[]): Promise<void> =>
    keep.append(entries).catch((error: unknown) => {
      if (isRefused(error)) return appendEach(entries);
      throw error;
    });
};

/** What waits, the oldest first, and not for ever. */
const createQueue = (clock: Clock, lose: Lose) => {
  let waiting: Waiting[] = [];
  let isFull = false;
  return {
    add: (entry: UserSteps): void => {
      if (waiting.length < MOST_WAITING) {
        waiting.push({ entry, since: clock.now() });
      } else {
        if (!isFull) lose();
        isFull = true;
      }
    },
    next: (): readonly UserSteps[] => {
      const oldest = clock.now() - LONGEST_WAIT_MS;
      const kept = waiting.filter(({ since }) => since >= oldest);
      if (kept.length < waiting.length) lose();
      waiting = kept;
      return waiting.slice(0, BATCH).map(({ entry }) => entry);
    },
    isEmpty: () => waiting.length === 0,
    /** The first ones are written. */
    done: (count: number): void => {
      waiting = waiting.slice(count);
      isFull = false;
    },
  };
};

export const createRecorder = ({ keep, clock, logger }: RecorderParts): Recorder => {
  const lose: Lose = (error) =>
    logger.error(
      { err: error },
      '[presence/history] Transitions could not be kept, and are given up.',
    );
  const queue = createQueue(clock, lose);
  const append = createAppend(keep, lose);
  let isTrying = false;
  let cancel: Cancel = () => undefined;

  const sendAll = async (): Promise<void> => {
    for (let batch = queue.next(); batch.length > 0; batch = queue.next()) {
      await append(batch);
      queue.done(batch.length);
    }
  };

  const send = oneAtATime(sendAll);

  const trySending = async (): Promise<void> => {
    try {
      await send();
    } catch (error) {
      logger.warn(
        { err: error },
        '[presence/history] Transitions wait: the history does not take them.',
      );
      cancel = clock.after(AGAIN_MS, () => void trySending());
      return;
    }
    isTrying = false;
    if (!queue.isEmpty()) startTrying();
  };
  /** Together with what else was committed in the same moment. */
  const startTrying = (): void => {
    if (isTrying) return;
    isTrying = true;
    queueMicrotask(() => void trySending());
  };

  return {
    record: (commit) => {
      if (commit.write.steps.length === 0) return;
      queue.add(entryOf(commit));
      startTrying();
    },
    flush: send,
    stop: () => cancel(),
  };
};

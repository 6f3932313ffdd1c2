import type { Cancel, Clock } from '@presence/core';

/** Something that is asked for again and again, from {@link Poll.start} until what it returns is called. */
export interface Poll {
  /** Asks at once, and goes on. */
  start(): Cancel;
  /** Asks at once, or right after the answer that is on its way: that one may be older. */
  now(): void;
  /** Asks within a moment; many calls are one question. */
  soon(): void;
}

interface PollOptions {
  /** Rejects: asked again after `retryMs`. */
  ask(): Promise<void>;
  readonly everyMs: number;
  readonly retryMs?: number;
  /** How long {@link Poll.soon} waits at most. */
  readonly soonMs?: number;
  readonly clock: Pick<Clock, 'after'>;
}

/** One question at a time. */
export const createPoll = ({
  ask,
  everyMs,
  retryMs = 2000,
  soonMs = 1000,
  clock,
}: PollOptions): Poll => {
  let isRunning = false;
  let isAsking = false;
  let isWantedAgain = false;
  let cancelNext: Cancel = () => undefined;
  let cancelSoon: Cancel | null = null;

  const forgetTimers = (): void => {
    cancelNext();
    cancelSoon?.();
    cancelSoon = null;
  };

  const answered = (nextInMs: number): void => {
    isAsking = false;
    if (!isRunning) return;
    if (isWantedAgain) now();
    else cancelNext = clock.after(nextInMs, now);
  };

  const now = (): void => {
    forgetTimers();
    isWantedAgain = isAsking;
    if (isAsking || !isRunning) return;
    isAsking = true;
    ask().then(
      () => answered(everyMs),
      () => answered(retryMs),
    );
  };

  return {
    start: () => {
      isRunning = true;
      now();
      return () => {
        isRunning = false;
        forgetTimers();
      };
    },
    now,
    soon: () => {
      if (isRunning) cancelSoon ??= clock.after(soonMs, now);
    },
  };
};

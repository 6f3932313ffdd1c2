import type { Cancel, Clock } from '@presence/core';

/** Something that is asked for again and again. */
export interface Poll {
  /** Asks at once, or right after the answer that is on its way: that one may be older. */
  now(): void;
  /** Asks within a moment; many calls are one question. */
  soon(): void;
  stop(): void;
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

/** One question at a time, the first at once. */
export const startPoll = ({
  ask,
  everyMs,
  retryMs = 2000,
  soonMs = 1000,
  clock,
}: PollOptions): Poll => {
  let isStopped = false;
  let isAsking = false;
  let isWantedAgain = false;
  let cancelNext: Cancel = () => undefined;
  let cancelSoon: Cancel | null = null;

  const answered = (nextInMs: number): void => {
    isAsking = false;
    if (isStopped) return;
    if (isWantedAgain) run();
    else cancelNext = clock.after(nextInMs, run);
  };

  const run = (): void => {
    cancelNext();
    cancelSoon?.();
    cancelSoon = null;
    isWantedAgain = isAsking;
    if (isAsking || isStopped) return;
    isAsking = true;
    ask().then(
      () => answered(everyMs),
      () => answered(retryMs),
    );
  };

  run();
  return {
    now: run,
    soon: () => void (cancelSoon ??= isStopped ? null : clock.after(soonMs, run)),
    stop: () => {
      isStopped = true;
      cancelNext();
      cancelSoon?.();
    },
  };
};

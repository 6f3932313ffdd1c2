import type { Cancel, Clock, Instant } from '@presence/core';
import type { AdminUserAnswer, AdminWriteAnswer } from '@presence/core/protocol';
import { ApiError, type Api, type Target } from './api.ts';
import { createPoll } from './poll.ts';
import { createValue, type Value } from './value.ts';

/** How the last thing that the admin did went. */
export type Outcome =
  { readonly kind: 'done' | 'collided' } | { readonly kind: 'failed'; readonly reason: string };

/** One user, as they were last answered. */
export interface Seen {
  readonly answer: AdminUserAnswer | null;
  /** On this machine's clock. */
  readonly gotAt: Instant;
  readonly isBusy: boolean;
  readonly outcome: Outcome | null;
  /** Why they cannot be shown. */
  readonly failure: string | null;
}

export interface OneUser {
  readonly seen: Value<Seen>;
  start(): Cancel;
  /** They may have changed. */
  again(): void;
  /** Writes, on the condition that they are as they are shown; then asks how they are. */
  act(write: (target: Target) => Promise<AdminWriteAnswer>): Promise<void>;
  dismiss(): void;
}

const EVERY_MS = 10_000;

const outcomeOf = (error: unknown): Outcome => {
  if (!(error instanceof ApiError)) return { kind: 'failed', reason: String(error) };
  return error.status === 412 ? { kind: 'collided' } : { kind: 'failed', reason: error.message };
};

export const createOneUser = (
  api: Api,
  userId: string,
  clock: Pick<Clock, 'now' | 'after'>,
  onError: (error: unknown) => void,
): OneUser => {
  const seen = createValue<Seen>({
    answer: null,
    gotAt: 0,
    isBusy: false,
    outcome: null,
    failure: null,
  });
  const patch = (part: Partial<Seen>): void => seen.set({ ...seen.read(), ...part });

  const ask = async (): Promise<void> => {
    try {
      const answer = await api.user(userId);
      patch({ answer, gotAt: clock.now(), failure: null });
    } catch (error) {
      const isRefused = error instanceof ApiError && error.status >= 400 && error.status < 500;
      if (isRefused) patch({ failure: error.message });
      onError(error);
      throw error;
    }
  };
  const poll = createPoll({ ask, everyMs: EVERY_MS, clock });

  return {
    seen,
    start: poll.start,
    again: poll.now,
    act: async (write) => {
      const { answer, isBusy } = seen.read();
      if (!answer || isBusy) return;
      patch({ isBusy: true, outcome: null });
      try {
        const { user } = await write({ userId, revision: answer.user.revision });
        patch({ answer: { ...answer, user }, isBusy: false, outcome: { kind: 'done' } });
      } catch (error) {
        patch({ isBusy: false, outcome: outcomeOf(error) });
        onError(error);
      }
      poll.now();
    },
    dismiss: () => patch({ outcome: null }),
  };
};

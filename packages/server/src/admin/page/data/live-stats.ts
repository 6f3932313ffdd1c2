import { STATUSES, type Cancel, type Clock, type Instant, type Status } from '@presence/core';
import type { StatsAnswer } from '@presence/core/protocol';
import { ApiError, type Api } from './api.ts';
import { createPoll } from './poll.ts';
import { createValue, type Value } from './value.ts';

/** The counts at one moment. */
export interface Sample {
  readonly at: Instant;
  readonly byStatus: Readonly<Record<Status, number>>;
}

/** Counts, now and over the last minutes. */
export interface Stats {
  readonly answer: StatsAnswer | null;
  /** Oldest first, for {@link KEPT_MS} at most. */
  readonly samples: readonly Sample[];
  /** When the last answer came, on this machine's clock. */
  readonly answeredAt: Instant | null;
  /** The last question got no answer. */
  readonly isSilent: boolean;
}

export const KEPT_MS = 10 * 60_000;

const EVERY_MS = 2000;

/** Appends a sample. What was the same before and after says nothing, and is left out. */
export const withSample = (samples: readonly Sample[], sample: Sample): readonly Sample[] => {
  const [before, last] = samples.slice(-2);
  const isRepeated =
    before && last && isSame(before, last) && isSame(last, sample) ? samples.slice(0, -1) : samples;
  const oldest = isRepeated.findLastIndex(({ at }) => at < sample.at - KEPT_MS);
  return [...isRepeated.slice(Math.max(0, oldest)), sample];
};

const isSame = (a: Sample, b: Sample): boolean =>
  STATUSES.every((status) => a.byStatus[status] === b.byStatus[status]);

/** No answer, or one that the server could not help. */
const isSilence = (error: unknown): boolean =>
  !(error instanceof ApiError) || error.status === 0 || error.status >= 500;

/** Asks every two seconds: the store counts in its index. */
export const createLiveStats = (
  api: Api,
  clock: Pick<Clock, 'now' | 'after'>,
  onError: (error: unknown) => void,
): { readonly stats: Value<Stats>; readonly start: () => Cancel } => {
  const stats = createValue<Stats>({
    answer: null,
    samples: [],
    answeredAt: null,
    isSilent: false,
  });
  const ask = async (): Promise<void> => {
    try {
      const answer = await api.stats();
      const { samples } = stats.read();
      const sample = { at: answer.asOf, byStatus: answer.byStatus };
      const answeredAt = clock.now();
      stats.set({ answer, samples: withSample(samples, sample), answeredAt, isSilent: false });
    } catch (error) {
      if (isSilence(error)) stats.set({ ...stats.read(), isSilent: true });
      onError(error);
      throw error;
    }
  };
  return { stats, start: createPoll({ ask, everyMs: EVERY_MS, clock }).start };
};

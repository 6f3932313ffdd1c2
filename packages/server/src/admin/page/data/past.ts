import type { HistoryStep, InsightsAnswer } from '@presence/core/protocol';
import type { Api } from './api.ts';
import { createValue, type Value } from './value.ts';

/** One user's past, as far as it was asked for: each look at it is audited, so nothing asks by itself. */
export interface Past {
  /** `null`: nobody looked yet. */
  readonly insights: InsightsAnswer | null;
  /** The newest first. */
  readonly steps: readonly HistoryStep[];
  /** Absent where there are no more. */
  readonly next: string | undefined;
  readonly isBusy: boolean;
  readonly failure: string | null;
}

export interface OnePast {
  readonly past: Value<Past>;
  /** Asks for the insights and the first page. */
  look(): Promise<void>;
  more(): Promise<void>;
  /** Every line that is kept, as it is exported. */
  exported(): Promise<string | null>;
  erase(): Promise<void>;
}

const NOTHING: Past = Object.freeze({
  insights: null,
  steps: [],
  next: undefined,
  isBusy: false,
  failure: null,
});

const PAGE = 50;
const DAYS = 30;

export const createOnePast = (
  api: Api,
  userId: string,
  timeZone: string,
  onError: (error: unknown) => void,
): OnePast => {
  const past = createValue<Past>(NOTHING);
  const patch = (part: Partial<Past>): void => past.set({ ...past.read(), ...part });

  /** One thing at a time; what it gives is the new state. */
  const doing = async (work: () => Promise<Partial<Past>>): Promise<void> => {
    if (past.read().isBusy) return;
    patch({ isBusy: true, failure: null });
    try {
      patch({ ...(await work()), isBusy: false });
    } catch (error) {
      patch({ isBusy: false, failure: error instanceof Error ? error.message : String(error) });
      onError(error);
    }
  };

  const first = async (): Promise<Partial<Past>> => {
    const [insights, page] = await Promise.all([
      api.insights(userId, timeZone, DAYS),
      api.history(userId, PAGE),
    ]);
    return { insights, steps: page.steps, next: page.nextCursor };
  };

  return {
    past,
    look: () => doing(first),
    more: () =>
      doing(async () => {
        const { steps, next } = past.read();
        const page = await api.history(userId, PAGE, next);
        return { steps: [...steps, ...page.steps], next: page.nextCursor };
      }),
    exported: async () => {
      let lines: string | null = null;
      await doing(async () => {
        lines = await api.exportHistory(userId);
        return {};
      });
      return lines;
    },
    erase: () =>
      doing(async () => {
        await api.eraseHistory(userId);
        return first();
      }),
  };
};

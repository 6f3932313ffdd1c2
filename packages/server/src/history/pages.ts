import type { Key, Step } from '@presence/core';
import type { HistoryStep } from '@presence/core/protocol';
import type { History, StepsQuery } from './history.ts';

/** A step as it is told: its version is no one's business, who is shown everything. */
const toldOf = ({ at, status, cause, revision }: Step): HistoryStep => ({
  at,
  status,
  cause,
  revision,
});

/** A page as it is told, and where the next one begins. */
export interface ToldPage {
  readonly steps: readonly HistoryStep[];
  /** `null` on the last. */
  readonly next: number | null;
}

export const tellPage = async (keep: History, query: StepsQuery): Promise<ToldPage> => {
  const { steps, more } = await keep.read(query);
  return { steps: steps.map(toldOf), next: more ? (steps.at(-1)?.revision ?? null) : null };
};

/** Lines of a page of an export. */
const PAGE = 1000;

/** Everything that is kept of one user, the oldest first. */
export const exportSteps = async function* (keep: History, key: Key): AsyncIterable<HistoryStep> {
  for (let after: number | null = null; ;) {
    const range = { from: 0, until: Number.MAX_SAFE_INTEGER };
    const page: ToldPage = await tellPage(keep, {
      key,
      ...range,
      order: 'oldest',
      after,
      limit: PAGE,
    });
    yield* page.steps;
    if (page.next === null) return;
    after = page.next;
  }
};

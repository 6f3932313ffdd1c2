import type { HistoryStep, InsightsAnswer } from '@presence/core/protocol';
import { describe, expect, it } from 'vitest';
import { fakeApi } from '../testing/fake-api.ts';
import type { Api } from './api.ts';
import { createOnePast } from './past.ts';

const insights = { timeZone: 'UTC' } as InsightsAnswer;
const step = (revision: number): HistoryStep => ({
  at: revision,
  revision,
  status: 'busy',
  cause: 'claimed',
});

const setup = (routes: Partial<Api> = {}) => {
  const asked: string[] = [];
  const api = fakeApi({
    insights: async (userId, timeZone, days) => {
      asked.push(`insights ${userId} ${timeZone} ${days}`);
      return insights;
    },
    history: async (_userId, _limit, cursor) => {
      asked.push(`history ${cursor ?? 'first'}`);
      return cursor === undefined ? { steps: [step(2)], nextCursor: 'c' } : { steps: [step(1)] };
    },
    eraseHistory: async () => {
      asked.push('erase');
      return { erased: 2 };
    },
    ...routes,
  });
  return { asked, one: createOnePast(api, 'ada', 'UTC', () => undefined) };
};

describe('the past of a user', () => {
  it('is asked for only by who looks, as each look is audited', async () => {
    const { asked, one } = setup();
    expect([asked, one.past.read().insights]).toEqual([[], null]);
    await Promise.all([one.look(), one.look()]);
    expect(asked).toEqual(['insights ada UTC 30', 'history first']);
    await one.more();
    expect(one.past.read()).toMatchObject({ steps: [step(2), step(1)], next: undefined, insights });
  });

  it('is read again once it is erased', async () => {
    const { asked, one } = setup();
    await one.erase();
    expect(asked).toEqual(['erase', 'insights ada UTC 30', 'history first']);
  });

  it('says why it cannot be shown', async () => {
    const { one } = setup({ history: () => Promise.reject(new Error('No right.')) });
    await one.look();
    expect(one.past.read()).toMatchObject({ failure: 'No right.', isBusy: false, insights: null });
  });
});

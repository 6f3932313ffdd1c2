import { TENANT_SCOPE, type Status } from '@presence/core';
import { ok } from 'node:assert/strict';
import type { TestEngine } from '../test-engine.ts';

/** A list that is read page by page while its members change. */
export interface Pager {
  /** Those who match at this moment: to be called whenever something happened. */
  observe(matching: readonly string[]): void;
  next(engine: TestEngine, matching: readonly string[]): Promise<void>;
}

export const PAGED: { readonly tenant: string; readonly status: readonly Status[] } = {
  tenant: 'acme',
  status: ['online', 'busy', 'offline'],
};

export const createPager = (): Pager => {
  let after: string | null = null;
  let seen = new Set<string>();
  let throughout: readonly string[] = [];

  const observe = (matching: readonly string[]): void => {
    throughout = throughout.filter((userId) => matching.includes(userId));
  };

  return {
    observe,
    next: async (engine, matching) => {
      if (after === null) {
        after = '';
        seen = new Set();
        throughout = matching;
      }
      const page = await engine.page({ ...PAGED, scope: TENANT_SCOPE, after, limit: 1 });
      for (const { key } of page.seen) {
        ok(!seen.has(key.userId), `S14: ${key.userId} stands on two pages`);
        seen.add(key.userId);
      }
      after = page.after;
      if (after !== null) return;
      const missed = throughout.filter((userId) => !seen.has(userId));
      ok(missed.length === 0, `S14: ${missed.join(', ')} stayed and stood on no page`);
    },
  };
};

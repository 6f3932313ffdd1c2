import type { Cancel } from '@presence/core';
import type { Feed } from '../feed.ts';
import type { RecordChange } from '../types.ts';

export interface TenantFeed {
  /** Resolves when no change can be missed any more. */
  ready(): Promise<void>;
  close(): void;
}

/** One tenant's part of the feed, listened to from the first time it is wanted. */
export const createTenantFeed = (
  feed: Feed,
  tenant: string,
  onChange: (change: RecordChange) => void,
  gap: () => void,
): TenantFeed => {
  let live: Promise<Cancel> | null = null;
  let isOver = false;
  return {
    ready: async (): Promise<void> => {
      live ??= feed.listen(tenant, {
        change: (change) => isOver || onChange(change),
        gap: () => isOver || gap(),
      });
      const listening = live;
      try {
        await listening;
      } catch (error) {
        if (live === listening) live = null;
        throw error;
      }
    },
    close: () => {
      isOver = true;
      void live?.then((cancel) => cancel()).catch(() => undefined);
    },
  };
};

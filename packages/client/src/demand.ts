import type { Cancel } from '@presence/core';

/** What one tab wants to know, or all of them: users by their ids, `EVERYBODY`, and rooms, each once. */
export type Demand = readonly string[];

/** Reference counts of everything watched in this tab. */
export interface DemandCounts {
  watch(userIds: readonly string[]): Cancel;
  has(userId: string): boolean;
  current(): Demand;
}

/** @param changed is told once for all that changed in the same turn, so that a re-render costs no frame */
export const createDemand = (changed: () => void): DemandCounts => {
  const counts = new Map<string, number>();
  let told = true;

  const add = (ids: Iterable<string>, by: number): void => {
    for (const id of ids) {
      const count = (counts.get(id) ?? 0) + by;
      if (count > 0) counts.set(id, count);
      else counts.delete(id);
    }
    if (told) {
      queueMicrotask(() => {
        told = true;
        changed();
      });
    }
    told = false;
  };
  const watch: DemandCounts['watch'] = (userIds) => {
    const ids = new Set(userIds);
    add(ids, 1);
    return () => {
      add(ids, -1);
      ids.clear();
    };
  };

  return {
    watch,
    has: (userId) => counts.has(userId),
    current: () => [...counts.keys()],
  };
};

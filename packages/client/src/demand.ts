import type { Cancel } from '@presence/core';

/** What one tab wants to know: some users, and whether everybody who is online. */
export interface Demand {
  readonly users: readonly string[];
  readonly online: boolean;
}

/** Reference counts of everything watched in this tab. */
export interface DemandCounts {
  watch(userIds: readonly string[]): Cancel;
  watchOnline(): Cancel;
  has(userId: string): boolean;
  current(): Demand;
}

/** Counted among the users: no id is so. */
const EVERYBODY = '\n';

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
    let ids = new Set(userIds);
    add(ids, 1);
    return () => {
      add(ids, -1);
      ids = new Set();
    };
  };

  return {
    watch,
    watchOnline: () => watch([EVERYBODY]),
    has: (userId) => counts.has(userId),
    current: () => ({
      users: [...counts.keys()].filter((id) => id !== EVERYBODY),
      online: counts.has(EVERYBODY),
    }),
  };
};

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

/** @param changed is told once for all that changed in the same turn, so that a re-render costs no frame */
export const createDemand = (changed: () => void): DemandCounts => {
  const counts = new Map<string, number>();
  let online = 0;
  let told = true;

  const tell = (): void => {
    if (!told) return;
    told = false;
    queueMicrotask(() => {
      told = true;
      changed();
    });
  };
  const add = (userId: string, by: number): void => {
    const count = (counts.get(userId) ?? 0) + by;
    if (count > 0) counts.set(userId, count);
    else counts.delete(userId);
  };
  const once = (task: () => void): Cancel => {
    let done = false;
    return () => {
      if (done) return;
      done = true;
      task();
      tell();
    };
  };

  return {
    watch(userIds) {
      const ids = [...new Set(userIds)];
      for (const id of ids) add(id, 1);
      tell();
      return once(() => {
        for (const id of ids) add(id, -1);
      });
    },
    watchOnline() {
      online += 1;
      tell();
      return once(() => {
        online -= 1;
      });
    },
    has: (userId) => counts.has(userId),
    current: () => ({ users: [...counts.keys()], online: online > 0 }),
  };
};

import type { LeaseId } from '@presence/core';

/** In which partition an own lease was last seen: its id does not say. */
export interface Whereabouts {
  of(id: LeaseId): number | undefined;
  note(id: LeaseId, partition: number): void;
}

/** Leases remembered in each of two generations: a beat follows its load within moments. */
const MOST = 50_000;

/** Remembers the latest, in bounded memory. Whoever is forgotten is asked for everywhere. */
export const createWhereabouts = (): Whereabouts => {
  let recent = new Map<LeaseId, number>();
  let former = new Map<LeaseId, number>();
  return {
    of: (id) => recent.get(id) ?? former.get(id),
    note: (id, partition) => {
      if (recent.get(id) === partition) return;
      if (recent.size >= MOST) {
        former = recent;
        recent = new Map();
      }
      recent.set(id, partition);
    },
  };
};

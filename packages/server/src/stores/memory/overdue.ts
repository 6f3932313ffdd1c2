import { removeAt, addTo, type Entry } from './entry.ts';
import type { SharedLease } from './leases.ts';

/** Who is due: those overdue one by one, and those whose node is dead. */
export interface Overdue {
  add(entry: Entry): void;
  remove(entry: Entry): void;
  /** At most `limit`, from the offset `spread` in [0, 1) on, and around. */
  page(
    limit: number,
    spread: number,
  ): { readonly entries: readonly Entry[]; readonly more: boolean };
}

export const createOverdue = (ended: ReadonlySet<SharedLease>): Overdue => {
  const entries: Entry[] = [];

  const page: Overdue['page'] = (limit, spread) => {
    const lists = [entries, ...[...ended].map(({ solo }) => solo)].filter(
      (list) => list.length > 0,
    );
    const total = lists.reduce((sum, list) => sum + list.length, 0);
    const found = new Set<Entry>();
    let list = 0;
    let place = Math.min(total - 1, Math.floor(spread * total));
    while (place >= (lists[list]?.length ?? Infinity)) place -= lists[list++]!.length;
    let seen = 0;
    for (; seen < total && found.size < limit; seen += 1) {
      found.add(lists[list]![place]!);
      place += 1;
      if (place === lists[list]!.length) {
        place = 0;
        list = (list + 1) % lists.length;
      }
    }
    return { entries: [...found], more: seen < total };
  };

  return {
    add: (entry) => {
      if (entry.overduePlace < 0) entry.overduePlace = addTo(entries, entry);
    },
    remove: (entry) => {
      if (entry.overduePlace < 0) return;
      const place = entry.overduePlace;
      removeAt(entries, place, (last) => {
        last.overduePlace = place;
      });
      entry.overduePlace = -1;
    },
    page,
  };
};

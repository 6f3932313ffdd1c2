import type { Lease, LeaseId, Write } from '@presence/core';
import { addTo, removeAt, type Entry } from './entry.ts';
import { dropIfUnheld, extend, type Leases } from './leases.ts';

const release = ({ shared, own, timers }: Leases, entry: Entry, kept: readonly LeaseId[]): void => {
  for (const id of entry.holds) {
    const lease = shared.get(id);
    if (!lease) {
      const slot = own.get(id);
      if (slot === undefined || kept.includes(id)) continue;
      own.delete(id);
      timers.remove(slot);
    } else if (!lease.others.delete(entry)) {
      const place = entry.soloPlace;
      removeAt(lease.solo, place, (last) => {
        last.soloPlace = place;
      });
      entry.soloPlace = -1;
    }
  }
};

const take = (leases: Leases, entry: Entry, id: LeaseId, granted: Lease | undefined): void => {
  const { shared, own, timers, ended, now } = leases;
  const lease = shared.get(id);
  if (!lease) {
    if (!granted) return;
    const slot = own.get(id);
    if (slot === undefined) own.set(id, timers.add(entry, now + granted.forMs));
    else extend(leases, slot, granted.forMs);
  } else if (entry.solo !== id) {
    lease.others.add(entry);
  } else {
    entry.soloPlace = addTo(lease.solo, entry);
    if (lease.hasEnded) ended.add(lease);
  }
};

/** Makes `entry` hold what a write says instead of what it held. */
export const holdAnew = (
  leases: Leases,
  entry: Entry,
  { holds, solo, grant }: Pick<Write, 'holds' | 'solo' | 'grant'>,
): void => {
  const before = entry.holds;
  release(leases, entry, holds);
  entry.solo = solo;
  const [only = ''] = holds.length === 1 ? holds : [];
  entry.holds = leases.shared.get(only)?.alone ?? holds;
  for (const id of holds) {
    take(
      leases,
      entry,
      id,
      grant.find((lease) => lease.id === id),
    );
  }
  for (const id of before) {
    const lease = leases.shared.get(id);
    if (lease) dropIfUnheld(leases, lease);
  }
};

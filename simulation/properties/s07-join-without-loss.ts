import { nameOf, type Person } from '../clients/person.ts';
import type { RawSocket } from '../clients/raw-socket.ts';
import type { Property, Stage } from '../stage.ts';
import { createListening, TOLD_WITHIN_MS } from './listening.ts';

const disagreement = (
  watcher: RawSocket,
  person: Person,
  { truth, world }: Stage,
): string | null => {
  const reading = truth.now(person);
  if (!reading || world.clock.now() - reading.publicSince < TOLD_WITHIN_MS) return null;
  const row = watcher.rows.get(person.userId);
  const { status, version } = reading.public;
  if (!row) {
    const isFine = watcher.watched === 'tenant' && status === 'offline';
    return isFine ? null : `knows nothing of ${person.userId}, who reads ${status} v${version}`;
  }
  if (row.version === version && row.status === status) return null;
  return `has ${person.userId} as ${row.status} v${row.version}, who reads ${status} v${version}`;
};

/** Whoever listens without a break, for long enough to have been told of everything. */
export const joinWithoutLoss: Property = {
  id: 'S7',
  title:
    'snapshot and stream join: a watcher with a good link knows what reads say, a moment later',
  watch: (stage) => {
    const { actors, people, world, violate } = stage;
    const listening = createListening(stage);

    return {
      step: () => {
        for (const watcher of actors) {
          if (watcher.kind !== 'socket' || watcher.watched === null) continue;
          if (!listening.isOpen(watcher)) continue;
          const since = Math.max(listening.since(watcher), watcher.rows.snapshotAt ?? Infinity);
          if (world.clock.now() - since < TOLD_WITHIN_MS) continue;
          for (const person of people) {
            if (person.tenant !== watcher.person.tenant) continue;
            if (watcher.watched !== 'tenant' && !watcher.watched.includes(person.userId)) continue;
            const wrong = disagreement(watcher, person, stage);
            if (wrong) violate('S7', `${nameOf(watcher.person)} ${watcher.name} ${wrong}`);
          }
        }
      },
    };
  },
};

import { nameOf, type Person } from '../clients/person.ts';
import type { RawSocket } from '../clients/raw-socket.ts';
import type { Property, Stage } from '../stage.ts';

/** The fan-out window, a turn of the reaper, the way there, and a little. */
const TOLD_WITHIN_MS = 3000;

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
    let stalledUntil = 0;
    /** Sockets that live on the server's side: a client may not know yet that its own is dead. */
    const open = new Set<number>();
    world.listen({
      stalled: (_, to) => (stalledUntil = to),
      frameOut: ({ id }) => void open.add(id),
      closed: ({ id }) => void open.delete(id),
      started: () => open.clear(),
    });
    const healedAt = new Map<string, number>();

    const settledSince = (watcher: RawSocket): number => {
      const at = world.clock.now();
      if (watcher.line.state === 'cut') healedAt.set(watcher.line.name, at);
      return Math.max(
        watcher.connectedAt ?? Infinity,
        watcher.rows.snapshotAt ?? Infinity,
        stalledUntil,
        healedAt.get(watcher.line.name) ?? 0,
      );
    };

    return {
      step: () => {
        for (const watcher of actors) {
          if (watcher.kind !== 'socket' || watcher.watched === null) continue;
          if (!open.has(watcher.socketId ?? -1)) continue;
          if (world.clock.now() - settledSince(watcher) < TOLD_WITHIN_MS) continue;
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

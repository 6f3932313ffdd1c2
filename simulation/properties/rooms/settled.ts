import type { Person } from '../../clients/person.ts';
import type { Stage } from '../../stage.ts';

/** Since when nothing is known to have changed of how somebody stands in a room, though no step may have read it. */
export const settledSince = (
  { rooms, truth, oracle }: Stage,
  { tenant, userId }: Pick<Person, 'tenant' | 'userId'>,
  room: string,
): number => {
  const reading = truth.now({ tenant, userId });
  return Math.max(
    rooms.since(tenant, room, userId),
    oracle.user(tenant, userId).touchedAt,
    reading?.publicSince ?? 0,
    reading?.public.since ?? 0,
  );
};

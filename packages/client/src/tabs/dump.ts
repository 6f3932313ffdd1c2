import type { Facts } from '../facts.ts';
import type { Replica } from '../replica.ts';
import type { Rooms } from '../rooms.ts';

const isConfirmed = ({ goodUntil }: { readonly goodUntil: number }): boolean =>
  goodUntil === Infinity;

/** What another tab needs to show the same: all that a live link confirms. */
export const dump = ({ views, held }: Replica, rooms: Rooms | undefined): Facts => {
  const { own, users, online, staleAfterMs, asOf } = held();
  return {
    connection: views.connection(),
    idle: views.idle(),
    rooms: rooms?.dump(),
    staleAfterMs,
    asOf,
    rows: [...users.values()].filter(isConfirmed).map(({ row }) => row!),
    me: isConfirmed(own) ? own.me : undefined,
    online: online && isConfirmed(online) ? online.rows() : undefined,
    complete: true,
  };
};

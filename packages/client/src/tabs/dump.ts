import type { Facts, OnlineRow } from '../facts.ts';
import type { Online } from '../online.ts';
import type { Replica } from '../replica.ts';
import type { Rooms } from '../rooms.ts';

const isConfirmed = ({ goodUntil }: { readonly goodUntil: number }): boolean =>
  goodUntil === Infinity;

const rowsOf = ({ users, versions }: Online): OnlineRow[] =>
  [...users.values()].map((user) => ({ ...user, version: versions.get(user.userId)! }));

/** What another tab needs to show the same: all that a live link confirms. */
export const dump = ({ show, held }: Replica, rooms: Rooms | undefined): Facts => {
  const { own, users, online, staleAfterMs, asOf } = held();
  return {
    connection: show.connection(),
    idle: show.idle(),
    rooms: rooms?.dump(),
    staleAfterMs,
    asOf,
    rows: [...users.values()].filter(isConfirmed).map(({ row }) => row!),
    me: isConfirmed(own) ? own.me : undefined,
    online: online && isConfirmed(online) ? rowsOf(online) : undefined,
    complete: true,
  };
};

import type { Facts } from '../facts.ts';
import type { Replica } from '../replica.ts';

const isConfirmed = ({ goodUntil }: { readonly goodUntil: number }): boolean =>
  goodUntil === Infinity;

/** What another tab needs to show the same: all that a live link confirms. */
export const dump = ({ show, held }: Replica): Facts => {
  const { own, users, online, staleAfterMs, asOf } = held();
  return {
    connection: show.connection(),
    idle: show.idle(),
    staleAfterMs,
    asOf,
    rows: [...users.values()].filter(isConfirmed).map(({ row }) => row!),
    me: isConfirmed(own) ? own.me : undefined,
    online: isConfirmed(online) ? online.rows() : undefined,
  };
};

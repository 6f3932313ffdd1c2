import type { MyPresence } from '@presence/client';

type OwnClaim = MyPresence['claims'][number];

/** The status that the user set by hand, if they did. */
export const ownClaim = ({ claims }: MyPresence): OwnClaim | undefined =>
  claims.find(({ source }) => source === 'user');

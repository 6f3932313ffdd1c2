import { PresenceError } from '@presence/core';
import type { ResolvedOptions } from '../context.ts';
import type { ResolvedPrincipal } from '../types.ts';

/**
 * Whether a principal may see a room, or go in. One that names rooms is let into no other; what the
 * application's `authorize` says counts besides.
 *
 * @throws PresenceError `not_found`: who may not see a room learns nothing, not that it is there
 */
export const checkRoom = async (
  { authorize }: Pick<ResolvedOptions, 'authorize'>,
  principal: ResolvedPrincipal,
  action: 'room:read' | 'room:join',
  room: string,
): Promise<void> => {
  const { rooms, tenant } = principal;
  const isListed = rooms === undefined || rooms.includes(room);
  if (isListed && (await authorize(principal, action, { tenant, room })) === true) return;
  throw new PresenceError('not_found', 'There is no such room.');
};

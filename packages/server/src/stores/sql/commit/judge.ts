import { isSharedLease } from '@presence/core';
import type { Committed } from '../../store.ts';
import { endOf, heldBy } from '../users.ts';
import type { Asked, Found } from './stored.ts';

type Refusal = Extract<Committed, { ok: false }>['reason'];

/** Why a write may not be made; `null` when it may. */
export const refusalOf = (found: Found, { write, name }: Asked): Refusal | null => {
  const { now, before, nodes } = found;
  if ((before.get(name)?.revision ?? 0) !== write.base) return 'conflict';
  if (write.validUntil !== null && now.at >= write.validUntil) return 'late';
  const held = new Set(heldBy(found, name).map(({ id }) => id));
  const isLost = (id: string): boolean => {
    const node = nodes.get(id);
    return isSharedLease(id) && !held.has(id) && ((node && endOf(now, node)) ?? 0) <= now.at;
  };
  return write.holds.some(isLost) ? 'lease-lost' : null;
};

import { STATUSES, type Status } from '@presence/core';
import type { OnlineUsers } from '@presence/client';

export interface NamedUser {
  readonly userId: string;
  readonly status: Status;
  readonly name: string;
}

/**
 * The first `limit` users: the most present first, then by name. Only the statuses that are shown are
 * sorted.
 */
export const firstUsers = (
  users: OnlineUsers['users'],
  limit: number,
  getName: ((userId: string) => string) | undefined,
  locale: string,
): readonly NamedUser[] => {
  const collator = getName && new Intl.Collator(locale);
  const first: NamedUser[] = [];
  for (const wanted of STATUSES) {
    if (first.length >= limit) break;
    const named = users
      .filter(({ status }) => status === wanted)
      .map(({ userId, status }) => ({ userId, status, name: getName?.(userId) ?? userId }));
    // Without names they are sorted already, by id.
    if (collator) named.sort((a, b) => collator.compare(a.name, b.name));
    first.push(...named.slice(0, limit - first.length));
  }
  return first;
};

import type { Me } from '@presence/core/protocol';
import type { KnownUser } from './facts.ts';

/** Where a command was never answered, only a read can tell whether it counts. */
export const adopt = (user: KnownUser, me: Me, at: number): void => {
  user.isUnsure = false;
  user.touchedAt = at;
  user.visibility = me.visibility;
  if (me.visibility === 'visible') user.shownAt = at;
  const claim = me.claims.find(({ source }) => source === 'user');
  if (!claim) return void user.claims.delete('user');
  user.claims.set('user', {
    source: 'user',
    status: claim.status,
    message: claim.message ?? null,
    until: claim.until ?? null,
    priority: 50,
    setAt: at,
    holdsAbsent: false,
  });
};

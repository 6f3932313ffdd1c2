import type { Me } from '@presence/core/protocol';
import { confirm, isConfirmed, looksLike, type Changes, type Held, type Holdings } from './held.ts';
import { shownOf } from './rows.ts';
import type { MyPresence } from './types.ts';

/** The signed-in user's own view. Its versions are not those of watched rows, so it stands apart. */
export interface Own {
  get(): MyPresence;
  put(me: Me, asOf: number, changes: Changes): void;
  /** As last heard, if a live link confirms it. */
  confirmed(): Me | undefined;
}

export const createOwn = (userId: string, holdings: Holdings): Own => {
  let me: Me | undefined;
  const build = (): MyPresence =>
    Object.freeze({
      ...shownOf(me?.presence.userId ?? userId, (held.known && me?.presence) || null, held.asOf),
      version: me?.presence.version ?? 0,
      claims: Object.freeze([...(me?.claims ?? [])]),
      visibility: me?.visibility ?? 'visible',
      account: me?.account ?? 'active',
    });
  const held: Held = {
    known: false,
    lostAt: Infinity,
    asOf: null,
    show(changes) {
      const next = build();
      if (looksLike(shown, next)) return;
      shown = next;
      changes.events.add('me');
    },
  };
  let shown = build();
  holdings.add(held);
  return {
    get: () => shown,
    put(next, asOf, changes) {
      // A claim that does not show changes no version: equal ones are taken too.
      if (me && next.presence.version < me.presence.version) return;
      me = next;
      confirm(held, asOf);
      held.show(changes);
    },
    confirmed: () => (isConfirmed(held) ? me : undefined),
  };
};

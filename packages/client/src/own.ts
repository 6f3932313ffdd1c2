import type { Me } from '@presence/core/protocol';
import { shownOf } from './rows.ts';
import { confirm, expire, lose, type Trust } from './trust.ts';
import type { MyPresence } from './types.ts';

/** The signed-in user's own view. Its versions are not those of watched rows, so it stands apart. */
export interface Own {
  get(): MyPresence;
  /** True if what is shown changed. */
  put(me: Me, asOf: number): boolean;
  lose(at: number): void;
  expire(lostBefore: number): boolean;
  firstLostAt(): number | null;
  /** As last heard, while a live link confirms it. */
  confirmed(): Me | null;
}

export const createOwn = (userId: string): Own => {
  const trust: Trust = { known: false, lostAt: null };
  let held: Me | null = null;
  let asOf: number | null = null;
  let content = '';

  const build = (): MyPresence => {
    const row = trust.known && held ? held.presence : null;
    return Object.freeze({
      ...shownOf(held?.presence.userId ?? userId, row, asOf),
      version: held?.presence.version ?? 0,
      claims: Object.freeze([...(held?.claims ?? [])]),
      visibility: held?.visibility ?? 'visible',
      account: held?.account ?? 'active',
    });
  };
  let shown = build();

  const show = (): boolean => {
    const next = build();
    const seen = JSON.stringify({ ...next, version: 0, asOf: 0 });
    if (seen === content) return false;
    content = seen;
    shown = next;
    return true;
  };

  return {
    get: () => shown,
    put(me, at) {
      // A claim that does not show changes no version: equal ones are taken too.
      if (held && me.presence.version < held.presence.version) return false;
      held = me;
      asOf = Math.max(asOf ?? 0, at);
      confirm(trust);
      return show();
    },
    lose: (at) => lose(trust, at),
    expire: (lostBefore) => expire(trust, lostBefore) && show(),
    firstLostAt: () => (trust.known ? trust.lostAt : null),
    confirmed: () => (trust.known && trust.lostAt === null ? held : null),
  };
};

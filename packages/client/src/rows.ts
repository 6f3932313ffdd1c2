import type { Presence } from '@presence/core';
import type { Me } from '@presence/core/protocol';
import { confirm, looksLike, type Changes, type Held } from './held.ts';
import type { Topic } from './listeners.ts';
import type { UserPresence } from './types.ts';

/** A watched user, or the own view, as last heard. Versions only grow. */
export interface Entry extends Held {
  row?: Presence;
  me?: Me;
  shown: UserPresence;
}

/** What is shown: all of the row while it can be trusted, else only how old it is. @param blank before anything is known */
export const createEntry = (blank: UserPresence, topic: Topic, changes: Changes): Entry => ({
  shown: blank,
  goodUntil: -Infinity,
  asOf: null,
  refresh() {
    const { row, me, asOf, goodUntil, shown } = this;
    const { userId, version, devices = blank.devices } = row!;
    const next = {
      ...blank,
      userId,
      ...(goodUntil > -Infinity && { ...row!, devices: Object.freeze(devices) }),
      ...(me && {
        claims: Object.freeze(me.claims),
        visibility: me.visibility,
        account: me.account,
      }),
      version,
      asOf,
    };
    if (looksLike(shown, next)) return;
    this.shown = Object.freeze(next);
    changes.add(topic);
  },
});

/** @param me the own view's, of which every version is taken: a claim that does not show changes none */
export const put = (entry: Entry, row: Presence, asOf: number, me?: Me): void => {
  // Where versions tell minutes or days, several changes have the same: the later reading is the newer.
  const least = (entry.row?.version ?? -1) + (asOf < entry.asOf! ? 1 : 0);
  // A user whose record was deleted reads as never seen, version 0. That holds if it was read after
  // the version that is held: versions are never behind the clock that `asOf` is of.
  if (row.version < least && (row.version > 0 || asOf <= least)) return;
  entry.row = row;
  if (me) entry.me = me;
  confirm(entry, asOf);
  entry.refresh();
};

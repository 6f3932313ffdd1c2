import type { Cancel, Clock } from '@presence/core';
import type { Events } from './events.ts';
import type { Facts } from './facts.ts';
import {
  expireAll,
  firstLostAt,
  looksLike,
  loseAll,
  noChanges,
  type Changes,
  type Holdings,
} from './held.ts';
import { createOnline, type Online } from './online.ts';
import { createOwn, type Own } from './own.ts';
import { createRows, type Rows } from './rows.ts';
import type { ConnectionState, IdleState } from './types.ts';

/** Everything that this tab shows. */
export interface Replica {
  readonly rows: Rows;
  readonly online: Online;
  readonly own: Own;
  connection(): ConnectionState;
  idle(): IdleState;
  /** Takes facts in and tells each listener at most once. */
  apply(facts: Facts): void;
  /** What another tab needs to show the same. */
  dump(): Facts;
  /** Nothing confirms anything any more: it is unknown from now on, and no timer is left. */
  distrust(): void;
}

export interface ReplicaContext {
  readonly clock: Clock;
  readonly userId: string;
  readonly events: Events;
  watches(userId: string): boolean;
}

/** What is replaced as a whole and never gets too old. */
const createPlain = <State extends object>(event: 'connection' | 'idle', first: State) => {
  let state = Object.freeze(first);
  return {
    get: () => state,
    put(next: State | undefined, changes: Changes): void {
      if (!next || looksLike(next, state)) return;
      state = Object.freeze(next);
      changes.events.add(event);
    },
  };
};

const tell = (
  { events: { on, any, ofUser }, watches }: ReplicaContext,
  { rows, own, online, connection, idle }: Replica,
  { users, events }: Changes,
): void => {
  let seen = events.size > 0;
  for (const userId of users) {
    ofUser(userId)?.fire();
    if (!watches(userId)) continue;
    seen = true;
    on.presence.fire(rows.get(userId));
  }
  if (events.has('me')) on.me.fire(own.get());
  // The list is sorted when somebody asks, not for each change.
  if (events.has('online') && on.online.size() > 0) on.online.fire(online.get());
  if (events.has('connection')) on.connection.fire(connection());
  if (events.has('idle')) on.idle.fire(idle());
  if (seen) any.fire();
};

/** Calls `due` when the first of what was lost is too old. On a good link nothing is looked through. */
const createExpiry = (clock: Clock, holdings: Holdings, due: (lostBefore: number) => void) => {
  let cancel: Cancel = () => {};
  let losing = false;
  const schedule = (staleAfterMs: number): void => {
    cancel();
    const first = losing ? firstLostAt(holdings) : Infinity;
    losing = first < Infinity;
    if (!losing) return;
    cancel = clock.after(first + staleAfterMs - clock.now(), () => {
      due(clock.now() - staleAfterMs);
      schedule(staleAfterMs);
    });
  };
  return {
    schedule,
    lost() {
      losing = true;
    },
    stop: () => cancel(),
  };
};

const createParts = ({ clock, userId }: ReplicaContext, holdings: Holdings) => ({
  rows: createRows(holdings),
  online: createOnline(holdings),
  own: createOwn(userId, holdings),
  connection: createPlain<ConnectionState>('connection', {
    status: 'idle',
    transport: null,
    role: null,
    error: null,
  }),
  idle: createPlain<IdleState>('idle', { idle: false, since: clock.now() }),
});

const take = (
  { rows, online, own, connection, idle }: ReturnType<typeof createParts>,
  facts: Facts,
  asOf: number,
  changes: Changes,
): void => {
  if (facts.drop) rows.drop(facts.drop, changes);
  if (facts.rows) rows.put(facts.rows, asOf, changes);
  if (facts.dropOnline) online.clear(changes);
  if (facts.online) online.replace(facts.online, asOf, changes);
  if (facts.onlineChanges) online.change(facts.onlineChanges, changes);
  if (facts.me) own.put(facts.me, asOf, changes);
  connection.put(facts.connection, changes);
  idle.put(facts.idle, changes);
};

export const createReplica = (context: ReplicaContext): Replica => {
  const { clock } = context;
  const holdings: Holdings = new Set();
  let staleAfterMs = 60_000;
  let asOf: number | null = null;
  const parts = createParts(context, holdings);
  const { rows, online, own, connection, idle } = parts;
  const expire = (lostBefore: number): void => {
    const changes = noChanges();
    expireAll(holdings, lostBefore, changes);
    tell(context, replica, changes);
  };
  const expiry = createExpiry(clock, holdings, expire);
  const lose = (at: number): void => {
    loseAll(holdings, at, asOf);
    expiry.lost();
  };
  const replica: Replica = {
    rows,
    online,
    own,
    connection: connection.get,
    idle: idle.get,
    apply(facts) {
      const changes = noChanges();
      staleAfterMs = facts.staleAfterMs ?? staleAfterMs;
      if (facts.lostAt !== undefined) lose(facts.lostAt);
      const at = facts.asOf ?? asOf ?? 0;
      if (facts.asOf !== undefined) asOf = Math.max(asOf ?? 0, at);
      take(parts, facts, at, changes);
      expiry.schedule(staleAfterMs);
      tell(context, replica, changes);
    },
    dump: () => ({
      staleAfterMs,
      rows: rows.confirmed(),
      online: online.confirmed(),
      me: own.confirmed(),
      asOf: asOf ?? 0,
      connection: connection.get(),
      idle: idle.get(),
    }),
    distrust() {
      lose(-Infinity);
      expiry.stop();
      expire(-Infinity);
    },
  };
  return replica;
};

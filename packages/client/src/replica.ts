import type { Cancel } from '@presence/core';
import type { Timing } from './timers.ts';
import type { Facts } from './facts.ts';
import { expireAll, loseAll, looksLike, type Changes, type Holdings } from './held.ts';
import type { Listeners } from './listeners.ts';
import { createOnline } from './online.ts';
import { createRows } from './rows.ts';
import type { ConnectionState, IdleState, MyPresence, OnlineUsers, UserPresence } from './types.ts';

/** Everything that this tab shows. */
export interface Replica {
  /** One watched user. */
  get(userId: string): UserPresence;
  readonly show: {
    me(): MyPresence;
    online(): OnlineUsers;
    connection(): ConnectionState;
    idle(): IdleState;
  };
  /** Takes facts in and tells each listener at most once. Lost at `-Infinity`, all is unknown from now on. */
  apply(facts: Facts): void;
  /** What another tab needs to show the same. */
  dump(): Facts;
}

export interface ReplicaContext {
  readonly clock: Timing;
  readonly userId: string;
  readonly listeners: Listeners;
  watches(userId: string): boolean;
}

const tell = (
  { listeners, watches }: ReplicaContext,
  { get, show }: Replica,
  changes: Changes,
): void => {
  let seen = false;
  for (const topic of changes) {
    if (topic in show) {
      // The list of who is online is sorted when somebody asks, not for each change.
      if (listeners.has(topic)) listeners.fire(topic, show[topic as keyof typeof show]());
    } else {
      const userId = topic.slice('user '.length);
      listeners.fire(topic);
      if (!watches(userId)) continue;
      listeners.fire('presence', get(userId));
    }
    seen = true;
  }
  if (seen) listeners.fire('any');
};

/** What is replaced as a whole and never gets too old. */
interface Plain {
  connection: ConnectionState;
  idle: IdleState;
}

const putPlain = <Name extends keyof Plain>(
  plain: Plain,
  name: Name,
  next: Plain[Name] | undefined,
  changes: Changes,
): void => {
  if (!next || looksLike(next, plain[name])) return;
  plain[name] = Object.freeze(next) as Plain[Name];
  changes.add(name);
};

const createParts = ({ clock, userId }: ReplicaContext, holdings: Holdings) => {
  const rows = createRows(userId, holdings);
  const online = createOnline(holdings);
  const plain: Plain = {
    connection: Object.freeze({ status: 'idle', transport: null, role: null, error: null }),
    idle: Object.freeze({ idle: false, since: clock.now() }),
  };
  const take = (facts: Facts, at: number, changes: Changes): void => {
    if (facts.drop) rows.drop(facts.drop, changes);
    if (facts.rows) rows.put(facts.rows, at, changes);
    if (facts.me) rows.putMe(facts.me, at, changes);
    if (facts.dropOnline) online.clear(changes);
    if (facts.online) online.replace(facts.online, at, changes);
    if (facts.onlineChanges) online.change(facts.onlineChanges, changes);
    putPlain(plain, 'connection', facts.connection, changes);
    putPlain(plain, 'idle', facts.idle, changes);
  };
  return { rows, online, plain, take };
};

export const createReplica = (context: ReplicaContext): Replica => {
  const { clock } = context;
  const holdings: Holdings = new Set();
  const { rows, online, plain, take } = createParts(context, holdings);
  let staleAfterMs = 60_000;
  let asOf: number | null = null;
  let losing = false;
  let cancelExpiry: Cancel = () => {};

  /** On a good link nothing is looked through. */
  const expire = (changes: Changes): void => {
    cancelExpiry();
    const now = clock.now();
    const first = losing ? expireAll(holdings, now - staleAfterMs, changes) : Infinity;
    losing = first < Infinity;
    if (losing) cancelExpiry = clock.after(first + staleAfterMs - now, () => replica.apply({}));
  };
  const replica: Replica = {
    get: rows.get,
    show: {
      me: rows.getMe,
      online: online.get,
      connection: () => plain.connection,
      idle: () => plain.idle,
    },
    apply(facts) {
      const changes: Changes = new Set();
      staleAfterMs = facts.staleAfterMs ?? staleAfterMs;
      if (facts.lostAt !== undefined) {
        losing = true;
        loseAll(holdings, facts.lostAt, asOf);
      }
      const at = facts.asOf ?? asOf ?? 0;
      if (facts.asOf !== undefined) asOf = Math.max(asOf ?? 0, at);
      take(facts, at, changes);
      expire(changes);
      tell(context, replica, changes);
    },
    dump: () => ({
      ...rows.confirmed(),
      ...plain,
      staleAfterMs,
      online: online.confirmed(),
      asOf: asOf ?? 0,
    }),
  };
  return replica;
};

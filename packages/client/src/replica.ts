import type { Cancel } from '@presence/core';
import type { Timing } from './timers.ts';
import type { Facts } from './facts.ts';
import { age, looksLike, type Changes } from './held.ts';
import type { Listeners } from './listeners.ts';
import { createOnline, type Online } from './online.ts';
import { createEntry, put, type Entry } from './rows.ts';
import type { ConnectionState, IdleState, MyPresence, OnlineUsers, UserPresence } from './types.ts';
import { NOT_STARTED, unknownMe, unknownUser } from './unknown.ts';
import { MOST_PLACEHOLDERS, STALE_MS } from './numbers.ts';

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
  /** What it was made from, for a tab that joins. */
  held(): Held;
}

interface Held {
  readonly own: Entry;
  readonly users: ReadonlyMap<string, Entry>;
  readonly online: Online;
  readonly staleAfterMs: number;
  readonly asOf: number | undefined;
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

/** Whoever was asked for. Those of whom nothing came are forgotten now and then. */
const createUsers = () => {
  const users = new Map<string, Entry>();
  const entry = (userId: string): Entry => {
    const held = users.get(userId);
    if (held) return held;
    for (const [other, { row }] of users.size % MOST_PLACEHOLDERS ? [] : users) {
      if (!row) users.delete(other);
    }
    const fresh = createEntry(unknownUser(userId), `user ${userId}`);
    users.set(userId, fresh);
    return fresh;
  };
  const forget = (userIds: readonly string[], changes: Changes): void => {
    for (const userId of userIds) {
      if ((users.get(userId)?.goodUntil ?? -Infinity) > -Infinity) changes.add(`user ${userId}`);
      users.delete(userId);
    }
  };
  return { users, entry, forget };
};

export const createReplica = (context: ReplicaContext): Replica => {
  const { clock } = context;
  const { users, entry, forget } = createUsers();
  const own = createEntry(unknownMe(context.userId), 'me');
  const online = createOnline();
  const plain = {
    connection: NOT_STARTED,
    idle: Object.freeze<IdleState>({ idle: false, since: clock.now() }),
  };
  let staleAfterMs: number = STALE_MS;
  let asOf: number | undefined;
  /** The earliest loss of what is still shown. */
  let firstLost = Infinity;
  let cancelExpiry: Cancel = () => {};

  const take = (facts: Facts, at: number, changes: Changes): void => {
    forget(facts.drop ?? [], changes);
    for (const row of facts.rows ?? []) put(entry(row.userId), row, at, changes);
    if (facts.me) put(own, facts.me.presence, at, changes, facts.me);
    if (facts.dropOnline) online.clear(changes);
    if (facts.online) online.put(facts.online, at, true, changes);
    if (facts.onlineChanges) online.put(facts.onlineChanges, at, false, changes);
    for (const name of ['connection', 'idle'] as const) {
      const next = facts[name];
      if (!next || looksLike(next, plain[name])) continue;
      plain[name] = Object.freeze(next) as never;
      changes.add(name);
    }
  };
  const expire = (lostAt: number, changes: Changes): void => {
    cancelExpiry();
    // On a good link nothing is looked through.
    if (Math.min(firstLost, lostAt) === Infinity) return;
    const now = clock.now();
    firstLost = Infinity;
    for (const held of [own, online, ...users.values()]) {
      firstLost = Math.min(firstLost, age(held, lostAt, asOf, now - staleAfterMs, changes));
    }
    if (firstLost < Infinity) {
      cancelExpiry = clock.after(firstLost + staleAfterMs - now, () => replica.apply({}));
    }
  };
  const replica: Replica = {
    get: (userId) => entry(userId).shown,
    show: {
      me: () => own.shown as MyPresence,
      online: online.get,
      connection: () => plain.connection,
      idle: () => plain.idle,
    },
    apply(facts) {
      const changes: Changes = new Set();
      staleAfterMs = facts.staleAfterMs ?? staleAfterMs;
      const at = facts.asOf ?? asOf ?? 0;
      take(facts, at, changes);
      expire(facts.lostAt ?? Infinity, changes);
      if (facts.asOf !== undefined) asOf = Math.max(asOf ?? 0, at);
      tell(context, replica, changes);
    },
    held: () => ({ own, users, online, staleAfterMs, asOf }),
  };
  return replica;
};

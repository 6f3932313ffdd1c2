import type { Cancel } from '@presence/core';
import type { Timing } from './timers.ts';
import type { Facts } from './facts.ts';
import { age, looksLike, type Changes } from './held.ts';
import type { Listeners } from './listeners.ts';
import type { createOnline, Online } from './online.ts';
import { createEntry, put, type Entry } from './rows.ts';
import type { ConnectionState, IdleState, MyPresence, OnlineUsers, UserPresence } from './types.ts';
import { NOT_STARTED, UNKNOWN_ONLINE, unknownMe, unknownUser } from './unknown.ts';
import { EVERYBODY, MOST_PLACEHOLDERS, STALE_MS } from './numbers.ts';

/** Everything that this tab shows. */
export interface Replica {
  /** One watched user. */
  get(userId: string): UserPresence;
  readonly views: {
    me(): MyPresence;
    online(): OnlineUsers;
    connection(): ConnectionState;
    idle(): IdleState;
  };
  /** Takes facts in and tells each listener at most once. Lost at `-Infinity`, all is unknown from now on. */
  learn(facts: Facts): void;
  /** Before this, who is online is not taken in. */
  keepOnline(create: typeof createOnline): void;
  /** What it was made from, for a tab that joins. */
  held(): Held;
}

interface Held {
  readonly own: Entry;
  readonly users: ReadonlyMap<string, Entry>;
  readonly online: Online | undefined;
  readonly staleAfterMs: number;
  readonly asOf: number;
}

export interface ReplicaContext {
  readonly clock: Timing;
  readonly userId: string;
  readonly listeners: Listeners;
  watches(userId: string): boolean;
}

const tell = (
  { listeners, watches }: ReplicaContext,
  { get, views }: Replica,
  changes: Changes,
): void => {
  // Who is told may bring about the next ones.
  const topics = [...changes];
  changes.clear();
  let seen = false;
  for (const topic of topics) {
    if (topic in views) {
      // The list of who is online is sorted when somebody asks, not for each change.
      if (listeners.has(topic)) listeners.fire(topic, views[topic as keyof typeof views]());
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
const createUsers = (changes: Changes) => {
  const users = new Map<string, Entry>();
  const entry = (userId: string): Entry => {
    const held = users.get(userId);
    if (held) return held;
    for (const [other, { row }] of users.size % MOST_PLACEHOLDERS ? [] : users) {
      if (!row) users.delete(other);
    }
    const fresh = createEntry(unknownUser(userId), `user ${userId}`, changes);
    users.set(userId, fresh);
    return fresh;
  };
  const forget = (userId: string): void => {
    if ((users.get(userId)?.goodUntil ?? -Infinity) > -Infinity) changes.add(`user ${userId}`);
    users.delete(userId);
  };
  return { users, entry, forget };
};

export const createReplica = (context: ReplicaContext): Replica => {
  const { clock } = context;
  const changes: Changes = new Set();
  const { users, entry, forget } = createUsers(changes);
  const own = createEntry(unknownMe(context.userId), 'me', changes);
  let online: Online | undefined;
  const plain = {
    connection: NOT_STARTED,
    idle: Object.freeze<IdleState>({ idle: false, since: clock.now() }),
  };
  let staleAfterMs: number = STALE_MS;
  let asOf = 0;
  /** The earliest loss of what is still shown. */
  let firstLost = Infinity;
  let cancelExpiry: Cancel = () => {};

  const take = (facts: Facts, at: number): void => {
    facts.drop?.forEach(forget);
    if (facts.drop?.includes(EVERYBODY)) online?.clear();
    for (const row of facts.rows ?? []) put(entry(row.userId), row, at);
    if (facts.me) put(own, facts.me.presence, at, facts.me);
    if (facts.online) online?.put(facts.online, at, facts.complete);
    for (const name of ['connection', 'idle'] as const) {
      const next = facts[name];
      if (!next || looksLike(next, plain[name])) continue;
      plain[name] = Object.freeze(next) as never;
      changes.add(name);
    }
  };
  const expire = (lostAt: number): void => {
    cancelExpiry();
    // On a good link nothing is looked through.
    if (Math.min(firstLost, lostAt) === Infinity) return;
    const now = clock.now();
    firstLost = Infinity;
    for (const held of [own, ...(online ? [online] : []), ...users.values()]) {
      firstLost = Math.min(firstLost, age(held, lostAt, asOf, now - staleAfterMs));
    }
    if (firstLost < Infinity) {
      cancelExpiry = clock.after(firstLost + staleAfterMs - now, () => replica.learn({}));
    }
  };
  const replica: Replica = {
    get: (userId) => entry(userId).shown,
    views: {
      me: () => own.shown as MyPresence,
      online: () => online?.get() ?? UNKNOWN_ONLINE,
      connection: () => plain.connection,
      idle: () => plain.idle,
    },
    learn(facts) {
      staleAfterMs = facts.staleAfterMs ?? staleAfterMs;
      const at = facts.asOf ?? asOf;
      take(facts, at);
      expire(facts.lostAt ?? Infinity);
      asOf = Math.max(asOf, at);
      tell(context, replica, changes);
    },
    keepOnline: (create) => void (online ??= create(changes)),
    held: () => ({ own, users, online, staleAfterMs, asOf }),
  };
  return replica;
};

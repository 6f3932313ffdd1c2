import type { Cancel, Clock, PresenceError } from '@presence/core';
import { createListeners, type Listeners } from './emitter.ts';
import type { Facts } from './facts.ts';
import { createOnline } from './online.ts';
import { createOwn } from './own.ts';
import { createRows } from './rows.ts';
import type { ConnectionState, IdleState, PresenceClientEvents } from './types.ts';

export type Events = {
  readonly [Name in keyof PresenceClientEvents]: Listeners<Parameters<PresenceClientEvents[Name]>>;
};

/** Everything that this tab shows, and who is told when it changes. */
export interface Replica {
  readonly events: Events;
  readonly any: Listeners<[]>;
  readonly rows: ReturnType<typeof createRows>;
  readonly online: ReturnType<typeof createOnline>;
  readonly own: ReturnType<typeof createOwn>;
  connection(): ConnectionState;
  idle(): IdleState;
  subscribeUser(userId: string, listener: () => void): Cancel;
  /** Takes facts in and tells each listener at most once. */
  apply(facts: Facts): void;
  /** What another tab needs to show the same. */
  dump(): Facts;
  /** Nothing confirms anything any more: it is unknown from now on. */
  distrust(): void;
  /** Frees the timer. Pending expiries are looked at again with the next facts. */
  stop(): void;
}

const NOT_STARTED: ConnectionState = Object.freeze({
  status: 'idle',
  transport: null,
  role: null,
  error: null,
});

const same = (a: object, b: object): boolean => JSON.stringify(a) === JSON.stringify(b);

export const createReplica = (options: {
  readonly clock: Clock;
  readonly userId: string;
  readonly watches: (userId: string) => boolean;
  readonly fail: (cause: unknown) => PresenceError;
}): Replica => {
  const { clock } = options;
  const rows = createRows();
  const online = createOnline();
  const own = createOwn(options.userId);
  // What an error listener throws is dropped: there is nobody left to tell.
  const error = createListeners<[PresenceError]>(() => {});
  const report = (cause: unknown): void => error.fire(options.fail(cause));
  const events: Events = {
    presence: createListeners(report),
    me: createListeners(report),
    online: createListeners(report),
    connection: createListeners(report),
    idle: createListeners(report),
    error,
  };
  const any = createListeners<[]>(report);
  const byUser = new Map<string, Listeners<[]>>();
  let staleAfterMs = 60_000;
  let asOf: number | null = null;
  let connection = NOT_STARTED;
  let idle: IdleState = Object.freeze({ idle: false, since: clock.now() });
  let cancel: Cancel = () => {};
  let losing = false;

  const tell = (users: Iterable<string>, changed: ReadonlySet<keyof Events>): void => {
    let seen = changed.size > 0;
    for (const userId of new Set(users)) {
      byUser.get(userId)?.fire();
      if (!options.watches(userId)) continue;
      seen = true;
      events.presence.fire(rows.get(userId));
    }
    if (changed.has('me')) events.me.fire(own.get());
    if (changed.has('online') && events.online.size() > 0) events.online.fire(online.get());
    if (changed.has('connection')) events.connection.fire(connection);
    if (changed.has('idle')) events.idle.fire(idle);
    if (seen) any.fire();
  };

  const expire = (lostBefore: number): void => {
    const changed = new Set<keyof Events>();
    if (own.expire(lostBefore)) changed.add('me');
    if (online.expire(lostBefore)) changed.add('online');
    tell(rows.expire(lostBefore), changed);
  };
  const schedule = (): void => {
    cancel();
    const lost = [rows.firstLostAt(), own.firstLostAt(), online.known ? online.lostAt : null];
    const first = Math.min(...lost.map((at) => at ?? Infinity));
    losing = first < Infinity;
    if (!losing) return;
    cancel = clock.after(Math.max(0, first + staleAfterMs - clock.now()), () => {
      expire(clock.now() - staleAfterMs);
      schedule();
    });
  };

  const take = (facts: Facts, changed: Set<keyof Events>): string[] => {
    const { lostAt } = facts;
    const at = facts.asOf ?? asOf ?? 0;
    staleAfterMs = facts.staleAfterMs ?? staleAfterMs;
    if (lostAt !== undefined) {
      rows.lose(lostAt, asOf);
      online.lose(lostAt);
      own.lose(lostAt);
      losing = true;
    }
    if (facts.asOf !== undefined) asOf = Math.max(asOf ?? 0, facts.asOf);
    const users = [...rows.drop(facts.drop ?? []), ...rows.put(facts.rows ?? [], at)];
    if (facts.dropOnline && online.clear()) changed.add('online');
    if (facts.online && online.replace(facts.online, at)) changed.add('online');
    if (facts.onlineChanges && online.change(facts.onlineChanges)) changed.add('online');
    if (facts.me && own.put(facts.me, at)) changed.add('me');
    if (facts.connection && !same(facts.connection, connection)) {
      connection = Object.freeze({ ...facts.connection });
      changed.add('connection');
    }
    if (facts.idle && !same(facts.idle, idle)) {
      idle = Object.freeze({ ...facts.idle });
      changed.add('idle');
    }
    return users;
  };

  return {
    events,
    any,
    rows,
    online,
    own,
    connection: () => connection,
    idle: () => idle,
    subscribeUser(userId, listener) {
      const listeners = byUser.get(userId) ?? createListeners<[]>(report);
      byUser.set(userId, listeners);
      const remove = listeners.add(listener);
      return () => {
        remove();
        if (listeners.size() === 0 && byUser.get(userId) === listeners) byUser.delete(userId);
      };
    },
    apply(facts) {
      const changed = new Set<keyof Events>();
      const users = take(facts, changed);
      // Nothing waits to expire on a good link, and rows are many: they are not looked through then.
      if (losing) schedule();
      tell(users, changed);
    },
    dump() {
      const me = own.confirmed();
      return {
        staleAfterMs,
        rows: rows.confirmed(),
        ...(asOf !== null && { asOf }),
        ...(me && { me }),
        ...(online.known && online.lostAt === null && { online: online.rows() }),
        connection,
        idle,
      };
    },
    distrust() {
      rows.lose(-Infinity, asOf);
      online.lose(-Infinity);
      own.lose(-Infinity);
      cancel();
      expire(-Infinity);
    },
    stop: () => cancel(),
  };
};

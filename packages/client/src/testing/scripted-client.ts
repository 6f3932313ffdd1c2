import { STATUSES, type Cancel, type Status } from '@presence/core';
import type {
  ConnectionState,
  IdleState,
  MyPresence,
  OnlineUsers,
  PresenceClient,
  PresenceClientEvents,
  UserPresence,
} from '../types.ts';
import { createScriptedRooms, type ScriptedRoom } from './scripted-rooms.ts';
import { NOT_IDLE, NOT_STARTED, UNKNOWN_ONLINE, unknownMe, unknownUser } from '../unknown.ts';

/** What somebody's presence is to be; what is not said stays, or is as of a user who was never seen. */
export type ScriptedPresence = Partial<Omit<UserPresence, 'userId'>>;

export interface ScriptedClientOptions {
  /** Who has which presence from the start. */
  readonly users?: Readonly<Record<string, ScriptedPresence>>;
  /** How rooms are from the start. */
  readonly rooms?: Readonly<Record<string, ScriptedRoom>>;
  /** Who is signed in, and how. Default: nothing is known. */
  readonly me?: Partial<MyPresence>;
  /**
   * What all others are: `offline`, and rooms empty, as a server answers; or `unknown`, as before it did. Default `unknown`.
   */
  readonly others?: 'offline' | 'unknown';
}

/**
 * A client that knows what a test tells it, for tests and stories of what stands on one: no server, no timers, and nothing is
 * sent. An own status is taken, as a server would.
 */
export interface ScriptedClient extends PresenceClient {
  /** Tells of a room: whatever is left out stays as it was. A member by name is there while `put` says that they are. */
  putRoom(room: string, change: ScriptedRoom): void;
  /** What was called, in order: `start`, `watch ada`, `setStatus busy {"forMs":…}`. */
  readonly calls: readonly string[];
  /** Who is watched, and by how many. */
  watched(): Readonly<Record<string, number>>;
  onlineWatches(): number;
  listeners(): number;
  /** Tells somebody's presence. Whoever is not offline stands in the list of who is online as well. */
  put(userId: string, presence: ScriptedPresence): void;
  /** The same content once more, as an answer brings it. */
  putAgain(userId: string): void;
  putMe(me: Partial<MyPresence>): void;
  /** Who is online, for all that `put` said and says. */
  putOnline(users: Readonly<Record<string, Status>>): void;
  putConnection(connection: Partial<ConnectionState>): void;
  putIdle(idle: IdleState): void;
  /** The next call that changes something is refused with this. */
  failNext(error: Error): void;
  /** Calls that change something wait for what is returned. */
  holdAnswers(): () => void;
}

type Listener = (value: never) => void;

const createListeners = () => {
  const held = new Map<string, Set<{ readonly listener: Listener }>>();
  return {
    add(topic: string, listener: Listener): Cancel {
      const entries = held.get(topic) ?? new Set();
      held.set(topic, entries);
      const entry = { listener };
      entries.add(entry);
      return () => void entries.delete(entry);
    },
    fire(topic: string, value: unknown): void {
      for (const { listener } of held.get(topic) ?? []) listener(value as never);
      for (const { listener } of held.get('any') ?? []) listener(undefined as never);
    },
    size: () => [...held.values()].reduce((sum, entries) => sum + entries.size, 0),
  };
};

const countedWatches = (calls: string[]) => {
  const counts = new Map<string, number>();
  const add = (userId: string, by: number): void => {
    const count = (counts.get(userId) ?? 0) + by;
    if (by > 0 && count === 1) calls.push(`watch ${userId}`);
    if (by < 0 && count === 0) calls.push(`unwatch ${userId}`);
    if (count === 0) counts.delete(userId);
    else counts.set(userId, count);
  };
  return {
    hold(userIds: readonly string[]): Cancel {
      let held = true;
      for (const userId of userIds) add(userId, 1);
      return () => {
        if (!held) return;
        held = false;
        for (const userId of userIds) add(userId, -1);
      };
    },
    counts,
  };
};

const onlineOf = (users: Readonly<Record<string, Status>>): OnlineUsers => {
  const rows = Object.entries(users).map(([userId, status]) => Object.freeze({ userId, status }));
  const byStatus = Object.fromEntries(
    STATUSES.map((status) => [status, rows.filter((row) => row.status === status).length]),
  ) as Record<Status, number>;
  return Object.freeze({ users: Object.freeze(rows), byStatus, count: rows.length, synced: true });
};

const createState = ({ others = 'unknown' }: ScriptedClientOptions) => ({
  users: new Map<string, UserPresence>(),
  others,
  me: unknownMe(''),
  online: UNKNOWN_ONLINE,
  isOnlineTold: false,
  connection: NOT_STARTED,
  idle: NOT_IDLE,
  failure: null as Error | null,
  answered: Promise.resolve(),
});

type State = ReturnType<typeof createState>;
type Listeners = ReturnType<typeof createListeners>;
type Told = Pick<
  ScriptedClient,
  | 'put'
  | 'putAgain'
  | 'putMe'
  | 'putOnline'
  | 'putConnection'
  | 'putIdle'
  | 'failNext'
  | 'holdAnswers'
>;

const presenceIn = ({ users, others }: State, userId: string): UserPresence => {
  const held = users.get(userId) ?? Object.freeze({ ...unknownUser(userId), status: others });
  users.set(userId, held);
  return held;
};

const onlineIn = ({ users }: State): OnlineUsers =>
  onlineOf(
    Object.fromEntries(
      [...users.values()].flatMap(({ userId, status }) =>
        status === 'offline' || status === 'unknown' ? [] : [[userId, status]],
      ),
    ),
  );

/** What a test tells the client. */
const toldBy = (state: State, listeners: Listeners): Told => {
  const put: Told['put'] = (userId, presence) => {
    const next = Object.freeze({ ...presenceIn(state, userId), ...presence });
    state.users.set(userId, next);
    listeners.fire(`user ${userId}`, undefined);
    listeners.fire('presence', next);
    if (state.isOnlineTold || presence.status === undefined) return;
    state.online = onlineIn(state);
    listeners.fire('online', state.online);
  };
  return {
    put,
    putAgain(userId) {
      listeners.fire(`user ${userId}`, undefined);
    },
    putMe(me) {
      state.me = Object.freeze({ ...state.me, ...me });
      listeners.fire('me', state.me);
      // Others see who is signed in as they see anybody.
      const {
        userId,
        claims: _claims,
        visibility: _visibility,
        account: _account,
        ...shown
      } = state.me;
      if (userId !== '') put(userId, shown);
    },
    putOnline(online) {
      state.isOnlineTold = true;
      state.online = onlineOf(online);
      listeners.fire('online', state.online);
    },
    putConnection(connection) {
      state.connection = Object.freeze({ ...state.connection, ...connection });
      listeners.fire('connection', state.connection);
    },
    putIdle(idle) {
      state.idle = Object.freeze(idle);
      listeners.fire('idle', state.idle);
    },
    failNext(error) {
      state.failure = error;
    },
    holdAnswers() {
      let release = (): void => {};
      state.answered = new Promise((resolve) => (release = resolve));
      return release;
    },
  };
};

type Calls = Pick<
  PresenceClient,
  'start' | 'stop' | 'signOut' | 'setStatus' | 'clearStatus' | 'setVisibility'
>;

const OWN = { source: 'user' } as const;

/** What is asked of the client: written down, answered at once, and true from then on. */
const writtenTo = (calls: string[], state: State, told: Told): Calls => {
  const answer = async (...parts: readonly unknown[]): Promise<void> => {
    const words = parts.filter((part) => part !== undefined);
    calls.push(
      words.map((part) => (typeof part === 'string' ? part : JSON.stringify(part))).join(' '),
    );
    const { failure } = state;
    state.failure = null;
    await state.answered;
    if (failure) throw failure;
  };
  return {
    start() {
      calls.push('start');
      told.putConnection({ status: 'connected' });
    },
    stop() {
      calls.push('stop');
      told.putConnection({ status: 'stopped' });
    },
    signOut: () => answer('signOut'),
    async setStatus(status, options) {
      await answer('setStatus', status, options);
      const { message = null, emoji = null } = options ?? {};
      const said = { ...(message !== null && { message }), ...(emoji !== null && { emoji }) };
      told.putMe({ status, message, emoji, claims: [{ ...OWN, status, ...said }] });
    },
    async clearStatus() {
      await answer('clearStatus');
      told.putMe({ status: 'online', message: null, emoji: null, claims: [] });
    },
    async setVisibility(visibility) {
      await answer('setVisibility', visibility);
      told.putMe({ visibility });
    },
  };
};

export const createScriptedClient = (options: ScriptedClientOptions = {}): ScriptedClient => {
  const { others = 'unknown' } = options;
  const calls: string[] = [];
  const listeners = createListeners();
  const users = countedWatches(calls);
  const everybody = countedWatches(calls);
  const state = createState(options);
  const { changed, ...rooms } = createScriptedRooms({
    called: (name, room) => calls.push(`${name} ${room}`),
    hold: (room) => users.hold([`room ${room}`]),
    listen: listeners.add,
    fire: (topic) => listeners.fire(topic, undefined),
    statusOf: (userId) => presenceIn(state, userId).status,
    others,
  });
  listeners.add('presence', ({ userId }: UserPresence) => changed(userId));
  const own = listeners.size();
  const told = toldBy(state, listeners);
  for (const [userId, presence] of Object.entries(options.users ?? {})) told.put(userId, presence);
  for (const [room, how] of Object.entries(options.rooms ?? {})) rooms.putRoom(room, how);
  if (options.me) told.putMe(options.me);
  // A server answers an empty list as well.
  if (others === 'offline') state.online = onlineIn(state);
  return {
    calls,
    watched: () => Object.fromEntries(users.counts),
    onlineWatches: () => everybody.counts.get('everybody') ?? 0,
    listeners: () => listeners.size() - own,
    ...told,
    ...rooms,
    ...writtenTo(calls, state, told),
    getConnection: () => state.connection,
    getPresence: (userId) => presenceIn(state, userId),
    getMe: () => state.me,
    getOnline: () => state.online,
    getIdle: () => state.idle,
    watch: users.hold,
    watchOnline: () => everybody.hold(['everybody']),
    subscribe: (listener) => listeners.add('any', listener),
    subscribeUser: (userId, listener) => listeners.add(`user ${userId}`, listener),
    on: (event: keyof PresenceClientEvents, listener: Listener) => listeners.add(event, listener),
  };
};

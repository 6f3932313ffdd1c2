import type { PresenceError } from '@presence/core';
import type { Demand } from '../demand.ts';
import type { Replica } from '../replica.ts';
import type { Goodbye, SessionContext } from '../session-context.ts';
import { createSessionStore } from '../session-store.ts';
import type { Command, Done } from '../transports/presence-link.ts';
import type { Failure } from '../transports/request.ts';
import type { BrowserLike, ChannelLike } from '../types.ts';
import { createElection, type Election } from './election.ts';
import { createFollower } from './follower.ts';
import { createLeader } from './leader.ts';
import { awaitEnd, holdLife } from './life.ts';
import type { Stopped, TabMessage, ToFollowers, ToLeader } from './messages.ts';
import type { Role } from './role.ts';

export interface TabContext extends Omit<
  SessionContext,
  'demand' | 'idleMs' | 'store' | 'shownBefore'
> {
  readonly browser: BrowserLike;
  /** The same for all tabs that share; `null`: this tab stands alone. */
  readonly shared: string | null;
  readonly alwaysActive: boolean;
  readonly replica: Replica;
  ownDemand(): Demand;
}

export interface TabEvents {
  error(error: PresenceError): void;
  /** It ended for good, in this tab and all others. `null`: the user signed out. */
  stopped(failure: Failure | null): void;
}

/** This page's place among the tabs of its browser. */
export interface Tab extends Omit<Role, 'message' | 'close' | 'goodUntil'> {
  /** Tells the other tabs, which stop as well. */
  stopAll(failure: Failure | null): void;
  close(reason?: Goodbye['reason']): void;
}

interface State {
  readonly context: TabContext;
  readonly events: TabEvents;
  readonly id: string;
  /** Commands of this tab that wait for an answer: a new role sends them again. */
  readonly calls: Set<{ readonly command: Command; readonly done: Done }>;
  channel: ChannelLike | null;
  election: Election | null;
  role: Role | null;
  inputAt: number;
  ends: (() => void)[];
  closed: boolean;
}

const post = (state: State, message: ToLeader | ToFollowers | Stopped): void => {
  try {
    state.channel?.post({ ...message, from: state.id });
  } catch {
    // A channel that is closed: the page is going.
  }
};

const become = (state: State, create: () => Role): void => {
  // From here on nobody confirms what the former role had heard.
  if (state.role) state.context.replica.apply({ lostAt: state.role.goodUntil() });
  state.role?.close();
  state.role = null;
  const role = create();
  // A listener that heard of it may have stopped the client.
  if (state.closed) return role.close();
  state.role = role;
  for (const { command, done } of state.calls) role.submit(command, done);
};

/** While the tabs count as active nobody knows which of them had the last input: it may have been just now. */
const lastInputAt = ({ context: { replica, clock }, inputAt }: State): number => {
  const { idle, since } = replica.idle();
  return idle ? Math.max(since, inputAt) : clock.now();
};

const lead = (state: State): void => {
  const { context, events, channel } = state;
  const { browser, replica, clock } = context;
  const shared = context.shared ?? '';
  const leading = new AbortController();
  become(state, () => {
    const role = createLeader(
      {
        ...context,
        store: createSessionStore(channel ? browser.storage : undefined, shared, clock),
        shownBefore: replica.connection(),
        inputAt: lastInputAt(state),
        shownIdle: replica.idle(),
      },
      {
        facts: replica.apply,
        error: events.error,
        stopped(failure) {
          post(state, { type: 'stopped', failure });
          events.stopped(failure);
        },
        dump: replica.dump,
        post: (message) => post(state, message),
        gone(tab, task) {
          if (browser.locks) awaitEnd(browser.locks, shared, tab, leading.signal, task);
        },
      },
    );
    return {
      ...role,
      close(reason) {
        leading.abort();
        role.close(reason);
      },
    };
  });
};

const follow = (state: State): void => {
  const { context } = state;
  const { replica } = context;
  become(state, () =>
    createFollower(
      { ...context, tab: state.id },
      {
        facts: replica.apply,
        post: (message) => post(state, message),
        signOut() {
          const store = createSessionStore(
            context.browser.storage,
            context.shared ?? '',
            context.clock,
          );
          const sessionId = store.load();
          if (sessionId) context.leave({ sessionId, reason: 'signed-out' });
          store.clear();
        },
        leaderSilent: () => state.election?.steal(),
      },
    ),
  );
};

/** Locks or channels are missing or refuse: this tab has a session of its own. */
const standAlone = (state: State): void => {
  state.channel?.close();
  state.channel = null;
  lead(state);
};

const join = (
  state: State,
  channel: ChannelLike,
  locks: NonNullable<BrowserLike['locks']>,
): void => {
  const shared = state.context.shared ?? '';
  const refused = (): void => standAlone(state);
  const hear = (message: unknown): void => {
    const said = message as TabMessage;
    if (said.type === 'stopped') state.events.stopped(said.failure);
    else state.role?.message(said);
  };
  const alive = (): void => {
    follow(state);
    state.election = createElection(locks, shared, {
      won: () => lead(state),
      lost: () => follow(state),
      refused,
    });
  };
  state.channel = channel;
  state.ends.push(channel.onMessage(hear), holdLife(locks, shared, state.id, alive, refused), () =>
    state.election?.end(),
  );
};

const openChannel = ({ shared, browser }: TabContext): ChannelLike | null => {
  try {
    return shared === null ? null : (browser.createChannel?.(shared) ?? null);
  } catch {
    return null;
  }
};

export const openTab = (context: TabContext, events: TabEvents): Tab => {
  const state: State = {
    context,
    events,
    id: context.random.id(),
    calls: new Set(),
    channel: null,
    election: null,
    role: null,
    inputAt: 0,
    ends: [],
    closed: false,
  };
  const { locks } = context.browser;
  const channel = locks ? openChannel(context) : null;
  if (locks && channel) join(state, channel, locks);
  // As with a lock, not within the call.
  else queueMicrotask(() => state.closed || lead(state));

  return {
    demand: () => state.role?.demand(),
    input() {
      state.inputAt = context.clock.now();
      state.role?.input();
    },
    submit(command, tell) {
      const call = {
        command,
        done: (error: Parameters<Done>[0]) => {
          if (state.calls.delete(call)) tell(error);
        },
      };
      state.calls.add(call);
      state.role?.submit(command, call.done);
    },
    nudge: () => state.role?.nudge(),
    online: () => state.role?.online(),
    offline: () => state.role?.offline(),
    stopAll: (failure) => post(state, { type: 'stopped', failure }),
    close(reason) {
      state.closed = true;
      state.role?.close(reason);
      state.role = null;
      for (const end of state.ends) end();
      state.channel?.close();
      state.channel = null;
    },
  };
};

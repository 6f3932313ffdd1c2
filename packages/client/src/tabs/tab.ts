import type { Goodbye, PageContext } from '../context.ts';
import { createSessionStore, type SessionStore } from '../session-store.ts';
import type { Failure } from '../transports/failures.ts';
import type { ChannelLike } from '../types.ts';
import { createFollower } from './follower.ts';
import { createLeader } from './leader.ts';
import { holdLock, type Locks } from './lock.ts';
import type { Stopped, TabMessage, ToFollowers, ToLeader } from './messages.ts';
import type { Role } from './role.ts';

export interface TabContext extends PageContext {
  readonly id: string;
  /** The same for all tabs that share; `null`: this tab stands alone. */
  readonly shared: string | null;
  post(message: ToLeader | ToFollowers | Stopped): void;
  /** It ended for good, in this tab and all others. */
  stopped(failure: Failure): void;
}

/** This page's place among the tabs of its browser. */
export interface Tab {
  /** `null` until it is known who leads. */
  role(): Role | null;
  input(): void;
  /** Tells the other tabs, which stop as well. `null`: the user signed out. */
  stopAll(failure: Failure | null): void;
  close(reason?: Goodbye['reason']): void;
}

interface State {
  readonly context: TabContext;
  channel: ChannelLike | null;
  role: Role | null;
  inputAt: number;
  ends: (() => void)[];
  /** Gives the lock of who leads back, or the place in its queue. */
  abdicate(): void;
  closed: boolean;
}

/** Each tab holds a lock of its own for as long as it lives, so that the others learn of its end even if it crashed. */
export const lifeOf = ({ shared }: TabContext, tab: string): string => `${shared} ${tab}`;

const storeOf = ({ channel, context }: State): SessionStore =>
  createSessionStore(
    channel ? context.browser.storage : undefined,
    `${context.shared}`,
    context.clock,
  );

const become = (state: State, create: () => Role): void => {
  const { replica, calls } = state.context;
  // From here on nobody confirms what the former role had heard.
  if (state.role) replica.apply({ lostAt: state.role.goodUntil() });
  state.role?.close();
  state.role = null;
  const role = create();
  // A listener that heard of it may have stopped the client.
  if (state.closed) return role.close();
  state.role = role;
  calls.forEach(role.submit);
};

const lead = (state: State): void => {
  const { context, inputAt } = state;
  const { replica, clock } = context;
  const { idle, since } = replica.show.idle();
  // While the tabs count as active nobody knows which of them had the last input: it may have been just now.
  const lastInputAt = idle ? Math.max(since, inputAt) : clock.now();
  become(state, () => createLeader(context, storeOf(state), lastInputAt));
};

const follow = (state: State, locks: Locks): void =>
  become(state, () =>
    createFollower(state.context, storeOf(state), () => elect(state, locks, true)),
  );

/** One lock decides which tab leads. */
const elect = (state: State, locks: Locks, steal: boolean): void => {
  state.abdicate();
  state.abdicate = holdLock(
    locks,
    `${state.context.shared}`,
    steal,
    () => lead(state),
    (held) => {
      if (!held) return standAlone(state);
      follow(state, locks);
      elect(state, locks, false);
    },
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
  locks: Locks,
  stopped: (failure: Failure | null) => void,
): void => {
  const { context } = state;
  const alive = (): void => {
    follow(state, locks);
    elect(state, locks, false);
  };
  state.channel = channel;
  state.ends.push(
    channel.onMessage((message) => {
      const said = message as TabMessage;
      if (said.type === 'stopped') stopped(said.failure);
      else state.role?.message(said);
    }),
    holdLock(locks, lifeOf(context, context.id), false, alive, () => standAlone(state)),
  );
};

const openChannel = (context: PageContext, shared: string | null): ChannelLike | null => {
  try {
    return shared === null ? null : (context.browser.createChannel?.(shared) ?? null);
  } catch {
    return null;
  }
};

/** @param stopped it ended for good, in this tab and all others; `null`: the user signed out */
export const openTab = (
  context: PageContext,
  shared: string | null,
  stopped: (failure: Failure | null) => void,
): Tab => {
  const { browser, clock, random } = context;
  const id = random.id();
  const post: TabContext['post'] = (message) => {
    try {
      state.channel?.post({ ...message, from: id });
    } catch {
      // A channel that is closed: the page is going.
    }
  };
  const stopAll = (failure: Failure | null): void => post({ type: 'stopped', failure });
  const state: State = {
    context: {
      ...context,
      id,
      shared,
      post,
      stopped(failure) {
        stopAll(failure);
        stopped(failure);
      },
    },
    channel: null,
    role: null,
    inputAt: 0,
    ends: [],
    abdicate: () => {},
    closed: false,
  };
  const { locks } = browser;
  const channel = locks ? openChannel(context, shared) : null;
  if (locks && channel) join(state, channel, locks, stopped);
  // As with a lock, not within the call.
  else queueMicrotask(() => state.closed || lead(state));

  return {
    role: () => state.role,
    input() {
      state.inputAt = clock.now();
      state.role?.input();
    },
    stopAll,
    close(reason) {
      state.closed = true;
      state.role?.close(reason);
      state.role = null;
      state.abdicate();
      for (const end of state.ends) end();
      state.channel?.close();
      state.channel = null;
    },
  };
};

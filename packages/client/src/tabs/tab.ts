import type { Goodbye, PageContext } from '../context.ts';
import { createSessionStore, type SessionStore } from '../session-store.ts';
import type { Failure } from '../transports/failures.ts';
import { createTimers, type Timers } from '../timers.ts';
import type { ChannelLike } from '../types.ts';
import { lifeOf, type TabContext } from './context.ts';
import { createLeader } from './leader.ts';
import { holdLock, type Locks } from './lock.ts';
import type { TabMessage } from './messages.ts';
import type { Role } from './role.ts';

/** Long enough for a lock that nobody has. */
const FIRST_MS = 1000;
const RELOAD_MS = 4000;

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
  /** Those of waiting to follow. */
  readonly timers: Timers;
  ends: (() => void)[];
  /** Gives the lock of who leads back, or the place in its queue. */
  abdicate(): void;
  closed: boolean;
}

const storeOf = ({ channel, context }: State): SessionStore =>
  createSessionStore(
    channel ? context.browser.storage : undefined,
    `${context.shared}`,
    context.clock,
  );

/** From here on nobody confirms what the role that ends had heard. */
const retire = (state: State): void => {
  const { role, context } = state;
  if (role) context.replica.apply({ lostAt: role.goodUntil() });
  state.role?.close();
  state.role = null;
};

const become = (state: State, create: () => Role): void => {
  retire(state);
  const role = create();
  // A listener that heard of it may have stopped the client.
  if (state.closed) return role.close();
  state.role = role;
  state.context.calls.forEach(role.submit);
};

const lead = (state: State): void => {
  const { context, inputAt } = state;
  const { replica, clock } = context;
  const { idle, since } = replica.show.idle();
  // While the tabs count as active nobody knows which of them had the last input: it may have been just now.
  const lastInputAt = idle ? Math.max(since, inputAt) : clock.now();
  become(state, () => createLeader(context, storeOf(state), lastInputAt));
};

/**
 * Loads what a follower needs. Until it is there, or while it cannot be had, this tab waits for the lock alone: it
 * leads as soon as nobody else does.
 */
const follow = (state: State, locks: Locks): void => {
  const { context, timers } = state;
  retire(state);
  const again = (): void => {
    if (!state.role) follow(state, locks);
  };
  timers.after(RELOAD_MS * (1 + context.random.next()), again, 'load');
  context.load.sharing().then(
    ({ createFollower }) => {
      timers.cancel('load');
      if (state.closed || state.role) return undefined;
      return become(state, () =>
        createFollower({
          ...context,
          timers: createTimers(context.clock),
          store: storeOf(state),
          leaderSilent: () => elect(state, locks, true),
        }),
      );
    },
    () => {},
  );
};

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
    elect(state, locks, false);
    // Whoever leads answers, and this tab follows; where all are silent, one that is alone leads by then.
    context.post({ type: 'join', fresh: true, ...context.ownDemand() });
    state.timers.after(FIRST_MS, () => state.role || follow(state, locks));
  };
  state.channel = channel;
  state.ends.push(
    channel.onMessage((message) => {
      const said = message as TabMessage;
      if (said.type === 'stopped') stopped(said.failure);
      else if (state.role) state.role.message(said);
      else if (/^(lead|beat|facts)$/.test(said.type) && !state.timers.has('load')) {
        follow(state, locks);
      }
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
    timers: createTimers(clock),
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
      state.timers.stop();
      for (const end of state.ends) end();
      state.channel?.close();
      state.channel = null;
    },
  };
};

import type { Cancel } from '@presence/core';
import type { Goodbye, PageContext } from '../context.ts';
import { quietly } from '../quietly.ts';
import { createSessionStore, type SessionStore } from '../session-store.ts';
import type { Failure } from '../transports/failures.ts';
import { createTimers } from '../timers.ts';
import { FIRST_MS } from '../numbers.ts';
import type { ChannelLike } from '../types.ts';
import type { TabContext } from './context.ts';
import { createLeader } from './leader.ts';
import { holdLock } from './lock.ts';
import { loadSharing } from './load-sharing.ts';
import type { TabMessage } from './messages.ts';
import type { Role } from './role.ts';

/** This page's place among the tabs of its browser. */
export interface Tab {
  /** `null` until it is known who leads. */
  role(): Role | null;
  noteInput(): void;
  /** Tells the other tabs, which stop as well. `null`: the user signed out. */
  stopAll(failure: Failure | null): void;
  close(reason?: Goodbye['reason']): void;
}

/** `undefined` where tabs are not to share, or cannot. */
const openChannel = (
  { browser }: PageContext,
  shared: string,
  heard: (said: TabMessage) => void,
): ChannelLike | undefined =>
  quietly(() => {
    const channel = shared && browser.locks ? browser.createChannel?.(shared) : undefined;
    channel?.onMessage(heard as (said: unknown) => void);
    return channel;
  });

/** @param stopped it ended for good, in this tab and all others; `null`: the user signed out */
// oxlint-disable-next-line max-lines-per-function -- one state machine, as in session.ts
export const openTab = (page: PageContext, stopped: (failure: Failure | null) => void): Tab => {
  const { browser, clock, replica, calls, options, base } = page;
  const { userId, shareTabs = true } = options;
  const shared = userId !== undefined && shareTabs ? `presence ${base} ${userId}` : '';
  const id = page.random.id();
  const timers = createTimers(clock);
  let role: Role | null = null;
  let inputAt = 0;
  let abdicate: Cancel = () => {};

  const store = (): SessionStore =>
    createSessionStore(channel ? browser.storage : undefined, shared, clock);
  const retire = (): void => {
    // From here on nobody confirms what the role that ends had heard.
    if (role) replica.learn({ lostAt: role.goodUntil() });
    role?.close();
    role = null;
  };
  const become = (create: () => Role): void => {
    timers.cancel('load');
    retire();
    const next = create();
    // A listener that heard of it may have stopped the client.
    if (timers.stopped()) return next.close();
    role = next;
    calls.forEach(next.submit);
  };
  const lead = (): void => become(() => createLeader(context, store(), inputAt));
  /**
   * Until what a follower needs is there, or while it cannot be had, this tab waits for the lock
   * alone: it leads as soon as nobody else does.
   */
  const follow = (): void => {
    retire();
    loadSharing(context, timers, ({ createFollower }) =>
      become(() =>
        createFollower({
          ...context,
          timers: createTimers(clock),
          store: store(),
          leaderSilent: () => stand(true),
        }),
      ),
    );
  };
  const closeChannel = (): void => {
    channel?.close();
    channel = undefined;
  };
  /** One lock decides which tab leads: this one as soon as it has it, until another, for which it was silent, takes it away. */
  const stand = (steal?: boolean): void => {
    abdicate();
    const over = (held: boolean): void => {
      if (held) {
        follow();
        return stand();
      }
      // Locks cannot be had: this tab has a session of its own.
      closeChannel();
      lead();
    };
    abdicate = holdLock(browser.locks!, shared, lead, over, steal);
  };
  let channel = openChannel(page, shared, (said) => {
    if (said.type === 'stopped') stopped(said.failure);
    else if (role) role.message(said);
    else if (/^(lead|beat|facts)$/.test(said.type) && !timers.has('load')) follow();
  });
  const post: TabContext['post'] = (message) => {
    // A channel that is closed: the page is going.
    quietly(() => channel?.post({ ...message, from: id }));
  };
  const stopAll = (failure: Failure | null): void => post({ type: 'stopped', failure });
  const context: TabContext = {
    ...page,
    id,
    shared,
    post,
    hold: (name, won) => holdLock(browser.locks!, name, won),
    stopped(failure) {
      stopAll(failure);
      stopped(failure);
    },
  };
  if (channel) {
    stand();
    // Whoever leads answers, and this tab follows; where all are silent, one that is alone leads by then.
    post({ type: 'probe', seen: false });
    timers.after(FIRST_MS, () => role || follow());
    // As with a lock, not within the call.
  } else queueMicrotask(() => timers.stopped() || lead());

  return {
    role: () => role,
    stopAll,
    noteInput() {
      inputAt = clock.now();
      role?.noteInput();
    },
    close(reason) {
      timers.stop();
      role?.close(reason);
      role = null;
      abdicate();
      closeChannel();
    },
  };
};

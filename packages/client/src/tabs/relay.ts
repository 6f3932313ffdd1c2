import type { Cancel } from '@presence/core';
import type { Command, Done } from '../calls.ts';
import type { Demand } from '../demand.ts';
import type { Facts } from '../facts.ts';
import type { Timers } from '../timers.ts';
import type { TabContext } from './context.ts';
import { BEAT_MS, type TabMessage } from './messages.ts';

/** What each tab that follows wants to know, and how to stop waiting for its end. */
export type Followers = Map<string, Demand & { readonly unwatch: Cancel }>;

export interface RelayContext extends TabContext {
  /** They stop when this tab leads no more. */
  readonly timers: Timers;
  readonly followers: Followers;
  input(): void;
  /** Makes sure of the link: somebody looks at another tab. */
  nudge(): void;
  /** The followers' wishes changed. */
  redemand(): void;
  submit(ref: string, command: Command, done: Done): void;
  /** Tells when a tab is gone, even without a word. */
  watchLife(tab: string, gone: () => void): Cancel;
}

/** What the leader does about what the other tabs say. */
export interface Relay {
  message(said: TabMessage): void;
  publish(facts: Facts): void;
  close(): void;
}

const forFollowers = (facts: Facts): Facts =>
  facts.connection
    ? { ...facts, connection: { ...facts.connection, transport: 'tab', role: 'follower' } }
    : facts;

export const createRelay = (context: RelayContext): Relay => {
  const { timers, followers, redemand, post, calls, replica } = context;
  let closed = false;

  const beat = (): void => {
    timers.after(BEAT_MS, beat, 'beat');
    if (followers.size > 0) post({ type: 'beat' });
  };
  const forget = (tab: string): void => {
    followers.get(tab)?.unwatch();
    if (followers.delete(tab)) redemand();
  };
  const join = (tab: string, fresh: boolean, { users, online }: Demand): void => {
    if (fresh) post({ type: 'facts', to: tab, facts: forFollowers(replica.dump()) });
    const unwatch = followers.get(tab)?.unwatch ?? context.watchLife(tab, () => forget(tab));
    followers.set(tab, { users, online, unwatch });
    redemand();
  };
  const submit = (tab: string, ref: string, command: Command): void =>
    context.submit(`${tab} ${ref}`, command, (error) => {
      if (!closed) post({ type: 'done', to: tab, ref, error });
    });
  beat();

  return {
    message(said) {
      const { from } = said;
      if (said.type === 'join') join(from, said.fresh, said);
      else if (said.type === 'part') forget(from);
      else if (said.type === 'input') context.input();
      else if (said.type === 'command') submit(from, said.ref, said.command);
      else if (said.type === 'probe') {
        post({ type: 'beat' });
        if (said.seen) context.nudge();
      }
    },
    publish(facts) {
      if (followers.size > 0) post({ type: 'facts', facts: forFollowers(facts) });
    },
    close() {
      // Who asked asks the next leader. Own references have no blank.
      closed = true;
      for (const { ref, done } of calls.values()) if (ref.includes(' ')) done();
      for (const { unwatch } of followers.values()) unwatch();
    },
  };
};

import type { Cancel } from '@presence/core';
import { addCall } from '../calls.ts';
import type { Demand } from '../demand.ts';
import type { Facts } from '../facts.ts';
import { nudge, type Session } from '../session.ts';
import { holdLock } from './lock.ts';
import type { TabMessage } from './messages.ts';
import { lifeOf, type TabContext } from './tab.ts';

export const BEAT_MS = 2000;

/** What each tab that follows wants to know, and how to stop waiting for its end. */
export type Followers = Map<string, Demand & { readonly unwatch: Cancel }>;

export interface RelayContext extends TabContext {
  readonly session: Session;
  readonly followers: Followers;
  input(): void;
  /** The followers' wishes changed. */
  redemand(): void;
}

export const forFollowers = (facts: Facts): Facts =>
  facts.connection
    ? { ...facts, connection: { ...facts.connection, transport: 'tab', role: 'follower' } }
    : facts;

/** What the leader does about what the other tabs say. */
export const createRelay = (context: RelayContext) => {
  const { session, followers, redemand, post, calls, replica } = context;
  let closed = false;

  const beat = (): void => {
    post({ type: 'beat' });
    if (followers.size > 0) session.timers.after(BEAT_MS, beat, 'beat');
  };
  const forget = (tab: string): void => {
    followers.get(tab)?.unwatch();
    if (followers.delete(tab)) redemand();
  };
  const watchLife = (tab: string): Cancel => {
    const unwatch = holdLock(
      context.browser.locks!,
      lifeOf(context, tab),
      false,
      () => forget(tab),
      () => {},
    );
    return unwatch;
  };
  post({ type: 'lead' });

  return {
    message(said: TabMessage): void {
      const { from, type } = said;
      if (type === 'join') {
        const { users, online, fresh } = said;
        if (fresh) post({ type: 'facts', to: from, facts: forFollowers(replica.dump()) });
        const unwatch = followers.get(from)?.unwatch ?? watchLife(from);
        followers.set(from, { users, online, unwatch });
        if (!session.timers.has('beat')) beat();
        redemand();
      } else if (type === 'part') forget(from);
      else if (type === 'input') context.input();
      else if (type === 'probe') {
        post({ type: 'beat' });
        if (said.seen) nudge(session, true);
      } else if (type === 'command') {
        // Own references have no blank.
        const ref = `${from} ${said.ref}`;
        if (calls.has(ref)) return;
        const call = addCall(calls, context.clock, ref, said.command, (error) => {
          if (!closed) post({ type: 'done', to: from, ref: said.ref, error });
        });
        session.current?.link?.submit(call);
      }
    },
    close(): void {
      // Who asked asks the next leader.
      closed = true;
      for (const { ref, done } of calls.values()) if (ref.includes(' ')) done();
      for (const { unwatch } of followers.values()) unwatch();
    },
  };
};

import type { Cancel } from '@presence/core';
import type { Call, Command, Done } from '../calls.ts';
import type { Demand } from '../demand.ts';
import type { Facts } from '../facts.ts';
import type { Timers } from '../timers.ts';
import type { TabContext } from './context.ts';
import { lifeOf } from './life.ts';
import { dump } from './dump.ts';
import { BEAT_MS, type TabMessage } from './messages.ts';

/** What each tab that follows wants to know. */
export type Followers = Map<string, Demand>;

export interface RelayContext extends TabContext {
  /** They stop when this tab leads no more. */
  readonly timers: Timers;
  readonly followers: Followers;
  noteInput(): void;
  /** Makes sure of the link: somebody looks at another tab. */
  nudge(): void;
  /** The followers' wishes changed. */
  redemand(): void;
  submit(call: Call): void;
}

/** What the leader does about what the other tabs say. */
export interface Relay {
  message(said: TabMessage): void;
  publish(facts: Facts): void;
  close(): void;
}

type Joined = Extract<TabMessage, { readonly type: 'join' }>;

const forFollowers = (facts: Facts): Facts =>
  facts.connection
    ? { ...facts, connection: { ...facts.connection, transport: 'tab', role: 'follower' } }
    : facts;

export const createRelay = (context: RelayContext): Relay => {
  const { timers, followers, redemand, post, calls, replica, rooms } = context;
  /** How to stop waiting for the end of each. */
  const lives = new Map<string, Cancel>();
  let closed = false;

  const beat = (): void => {
    timers.after(BEAT_MS, beat, 'beat');
    if (followers.size > 0) post({ type: 'beat' });
  };
  const forget = (tab: string): void => {
    lives.get(tab)?.();
    lives.delete(tab);
    if (followers.delete(tab)) redemand();
  };
  const join = ({ from: tab, fresh, wanted }: Joined): void => {
    if (fresh) post({ type: 'facts', to: tab, facts: forFollowers(dump(replica, rooms.loaded())) });
    const unwatch = lives.get(tab) ?? context.hold(lifeOf(context, tab), () => forget(tab));
    lives.set(tab, unwatch);
    followers.set(tab, wanted);
    redemand();
  };
  const submit = (tab: string, ref: string, command: Command): void => {
    const key = `${tab} ${ref}`;
    const done: Done = (error) => {
      if (!closed) post({ type: 'done', to: tab, ref, error });
    };
    context.load.commands().then(
      ({ addCall }) =>
        closed || calls.has(key) || context.submit(addCall(context, key, command, done)),
      // Whoever asked hears nothing and gives up in time.
      () => {},
    );
  };
  beat();

  return {
    message(said) {
      const { from } = said;
      if (said.type === 'join') join(said);
      if (said.type === 'part') forget(from);
      if (said.type === 'input') context.noteInput();
      if (said.type === 'command') submit(from, said.ref, said.command);
      if (said.type === 'probe') post({ type: 'beat' });
      if (said.type === 'probe' && said.seen) context.nudge();
    },
    publish(facts) {
      if (followers.size > 0) post({ type: 'facts', facts: forFollowers(facts) });
    },
    close() {
      // Who asked asks the next leader. Own references have no blank.
      closed = true;
      calls.forEach(({ ref, done }) => ref.includes(' ') && done());
      lives.forEach((unwatch) => unwatch());
    },
  };
};

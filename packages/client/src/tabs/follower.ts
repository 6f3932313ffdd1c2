import type { Cancel, Clock, Random } from '@presence/core';
import type { Demand } from '../demand.ts';
import type { Facts } from '../facts.ts';
import { createTimers } from '../timers.ts';
import type { Command, Done } from '../transports/presence-link.ts';
import type { ToLeader } from './messages.ts';
import { BEAT_MS } from './leader.ts';
import type { Role } from './role.ts';

const SILENCE_MS = 3 * BEAT_MS;
const PROBE_MS = 3000;

export interface FollowerContext {
  readonly clock: Clock;
  readonly random: Random;
  readonly tab: string;
  isHidden(): boolean;
  ownDemand(): Demand;
}

export interface FollowerEvents {
  facts(facts: Facts): void;
  post(message: ToLeader): void;
  /** The leader may be unable to say it: ends the session for the user. */
  signOut(): void;
  /** The leader answers nothing: it is frozen, or its thread is stopped. */
  leaderSilent(): void;
}

/** Asks a silent leader for an answer, and gives it up if none comes. */
const createWatchdog = (context: FollowerContext, events: FollowerEvents) => {
  const { clock, random } = context;
  const timers = createTimers(clock);
  let heardAt = clock.now();
  let asking: Cancel | null = null;

  const ask = (seen: boolean): void => {
    asking?.();
    const askedAt = clock.now();
    // Tabs differ, so that one of them takes over and the others hear of it.
    const waitMs = PROBE_MS + random.next() * 1000;
    events.post({ type: 'probe', seen });
    asking = timers.after(waitMs, () => {
      asking = null;
      if (heardAt >= askedAt) return;
      events.leaderSilent();
    });
  };
  timers.every(BEAT_MS, () => {
    if (!asking && clock.now() - heardAt > SILENCE_MS) ask(false);
  });
  return {
    ask,
    heardAt: () => heardAt,
    heard() {
      heardAt = clock.now();
    },
    stop: timers.stop,
  };
};

/** A tab that lets another hold the session. */
export const createFollower = (context: FollowerContext, events: FollowerEvents): Role => {
  const watchdog = createWatchdog(context, events);
  const waiting = new Map<number, { readonly command: Command; readonly done: Done }>();
  let leader = '';
  let nextRef = 1;

  const join = (fresh: boolean): void =>
    events.post({ type: 'join', fresh, ...context.ownDemand() });
  const follow = (from: string): void => {
    const known = leader === from;
    leader = from;
    if (known) return;
    join(true);
    for (const [ref, { command }] of waiting) events.post({ type: 'command', ref, command });
  };
  join(true);

  return {
    demand: () => join(false),
    input: () => events.post({ type: 'input' }),
    submit(command, done) {
      const ref = nextRef++;
      waiting.set(ref, { command, done });
      events.post({ type: 'command', ref, command });
    },
    nudge: () => watchdog.ask(!context.isHidden()),
    online: () => {},
    offline: () => {},
    goodUntil: watchdog.heardAt,
    message(said) {
      if (said.type === 'lead' || said.type === 'beat' || said.type === 'facts') {
        const { heardAt } = watchdog;
        // What the last leader had confirmed, nobody does until the new one has.
        if (said.type === 'lead' && leader !== '') events.facts({ lostAt: heardAt() });
        if (said.type === 'lead') leader = '';
        watchdog.heard();
        follow(said.from);
      }
      if (said.type === 'facts' && (said.to ?? context.tab) === context.tab)
        events.facts(said.facts);
      if (said.type === 'done' && said.to === context.tab) {
        const entry = waiting.get(said.ref);
        waiting.delete(said.ref);
        entry?.done(said.error);
      }
    },
    close(reason) {
      watchdog.stop();
      if (reason) events.post({ type: 'part' });
      if (reason === 'signed-out') events.signOut();
    },
  };
};

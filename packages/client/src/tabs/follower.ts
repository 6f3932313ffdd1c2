import type { SessionStore } from '../session-store.ts';
import type { Timers } from '../timers.ts';
import type { TabContext } from './context.ts';
import { BEAT_MS } from './messages.ts';
import type { Role } from './role.ts';

const SILENCE_MS = 3 * BEAT_MS;
const PROBE_MS = 3000;

export interface FollowerContext extends TabContext {
  /** Its own. */
  readonly timers: Timers;
  readonly store: SessionStore;
  /** The leader answers nothing: it is frozen, or its thread is stopped. */
  leaderSilent(): void;
}

/** Asks a silent leader for an answer, and gives it up if none comes. */
const createWatchdog = ({ clock, random, timers, post, leaderSilent }: FollowerContext) => {
  let heardAt = clock.now();
  const probe = (seen: boolean): void => {
    const askedAt = clock.now();
    const judge = (): void => {
      if (heardAt < askedAt) leaderSilent();
    };
    post({ type: 'probe', seen });
    // Tabs differ, so that one of them takes over and the others hear of it.
    timers.after(PROBE_MS + random.next() * 1000, judge, 'probe');
  };
  const watch = (): void => {
    timers.after(BEAT_MS, watch, 'watch');
    if (!timers.has('probe') && clock.now() - heardAt > SILENCE_MS) probe(false);
  };
  watch();
  return {
    probe,
    heardAt: () => heardAt,
    heard() {
      heardAt = clock.now();
    },
  };
};

/** A tab that lets another hold the session. */
export const createFollower = (context: FollowerContext): Role => {
  const { id, post, calls, replica, store } = context;
  const { probe, heardAt, heard } = createWatchdog(context);
  let leader = '';

  const join = (fresh: boolean): void => post({ type: 'join', fresh, ...context.ownDemand() });
  const submit: Role['submit'] = ({ ref, command }) => post({ type: 'command', ref, command });
  const follow = (from: string): void => {
    const known = leader === from;
    leader = from;
    heard();
    if (known) return;
    join(true);
    calls.forEach(submit);
  };
  join(true);

  return {
    demand: () => join(false),
    input: () => post({ type: 'input' }),
    submit,
    nudge: () => probe(!context.source.isHidden()),
    network: () => {},
    goodUntil: heardAt,
    message(said) {
      const { type, from } = said;
      if (type === 'lead') {
        // What the last leader had confirmed, nobody does until the new one has.
        if (leader) replica.apply({ lostAt: heardAt() });
        leader = '';
      }
      if (type === 'lead' || type === 'beat' || type === 'facts') follow(from);
      if (type === 'facts' && (said.to ?? id) === id) replica.apply(said.facts);
      if (type === 'done' && said.to === id) calls.get(said.ref)?.done(said.error);
    },
    close(reason) {
      context.timers.stop();
      if (reason) post({ type: 'part' });
      if (reason !== 'signed-out') return;
      // The leader may be unable to say it.
      const sessionId = store.load();
      if (sessionId) context.leave({ sessionId, reason });
      store.clear();
    },
  };
};

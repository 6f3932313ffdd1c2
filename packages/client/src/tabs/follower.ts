import type { SessionStore } from '../session-store.ts';
import type { Timers } from '../timers.ts';
import { createOnline } from '../online.ts';
import type { TabContext } from './context.ts';
import { lifeOf } from './life.ts';
import { BEAT_MS, PROBE_MS, SILENCE_MS } from './messages.ts';
import type { Role } from './role.ts';

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
    post({ type: 'probe', seen });
    // Tabs differ, so that one of them takes over and the others hear of it.
    const waitMs = PROBE_MS + random.next() * 1000;
    timers.after(waitMs, () => heardAt < askedAt && leaderSilent(), 'probe');
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
  const { id, post, calls, replica, rooms, store, timers } = context;
  const { probe, heardAt, heard } = createWatchdog(context);
  replica.keepOnline(createOnline);
  let leader = '';
  let alive = false;

  const join = (fresh: boolean): void => {
    if (alive) post({ type: 'join', fresh, wanted: context.ownDemand() });
  };
  const submit: Role['submit'] = ({ ref, command }) => post({ type: 'command', ref, command });
  const follow = (from: string): void => {
    heard();
    if (leader === from) return;
    leader = from;
    join(true);
    calls.forEach(submit);
  };
  // Not before: the leader watches over this lock from then on.
  const die = context.hold(lifeOf(context, id), () => {
    alive = true;
    join(true);
  });

  return {
    demand() {
      rooms.loaded()?.wanted(context.ownDemand());
      join(false);
    },
    noteInput: () => post({ type: 'input' }),
    submit,
    nudge: () => probe(!context.activitySource.isHidden()),
    setOnline: () => {},
    goodUntil: heardAt,
    message(said) {
      const { type, from } = said;
      // What the last leader had confirmed, nobody does until the new one has.
      if (type === 'lead' && leader) replica.learn({ lostAt: heardAt() });
      if (type === 'lead') leader = '';
      if (/^(lead|beat|facts)$/.test(type)) follow(from);
      if (type === 'facts' && (said.to ?? id) === id) {
        replica.learn(said.facts);
        const { facts } = said;
        // What no room is said of may still say that one is let go.
        if (facts.rooms) rooms.load((loaded) => loaded.learn(facts));
        else rooms.loaded()?.learn(facts);
      }
      if (type === 'done' && said.to === id) calls.get(said.ref)?.done(said.error);
    },
    close(reason) {
      timers.stop();
      die();
      if (reason) post({ type: 'part' });
      if (reason !== 'signed-out') return;
      // The leader may be unable to say it.
      const sessionId = store.load();
      if (sessionId) context.leave({ sessionId, reason });
      store.clear();
    },
  };
};

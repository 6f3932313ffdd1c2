import type { SessionStore } from '../session-store.ts';
import { createTimers } from '../timers.ts';
import { BEAT_MS } from './relay.ts';
import type { Role } from './role.ts';
import type { TabContext } from './tab.ts';

const SILENCE_MS = 3 * BEAT_MS;
const PROBE_MS = 3000;

/**
 * A tab that lets another hold the session.
 *
 * @param leaderSilent the leader answers nothing: it is frozen, or its thread is stopped
 */
export const createFollower = (
  context: TabContext,
  store: SessionStore,
  leaderSilent: () => void,
): Role => {
  const { clock, random, id, post, calls, replica } = context;
  const timers = createTimers(clock);
  let heardAt = clock.now();
  let leader = '';

  const probe = (seen: boolean): void => {
    const askedAt = clock.now();
    post({ type: 'probe', seen });
    timers.after(
      // Tabs differ, so that one of them takes over and the others hear of it.
      PROBE_MS + random.next() * 1000,
      () => {
        if (heardAt < askedAt) leaderSilent();
      },
      'probe',
    );
  };
  const watch = (): void => {
    timers.after(BEAT_MS, () => {
      watch();
      if (!timers.has('probe') && clock.now() - heardAt > SILENCE_MS) probe(false);
    });
  };
  const join = (fresh: boolean): void => post({ type: 'join', fresh, ...context.ownDemand() });
  const submit: Role['submit'] = ({ ref, command }) => post({ type: 'command', ref, command });
  watch();
  join(true);

  return {
    demand: () => join(false),
    input: () => post({ type: 'input' }),
    submit,
    nudge: () => probe(!context.source.isHidden()),
    network: () => {},
    goodUntil: () => heardAt,
    message(said) {
      const { type, from } = said;
      if (type === 'lead' || type === 'beat' || type === 'facts') {
        if (type === 'lead') {
          // What the last leader had confirmed, nobody does until the new one has.
          if (leader) replica.apply({ lostAt: heardAt });
          leader = '';
        }
        heardAt = clock.now();
        if (leader !== from) {
          leader = from;
          join(true);
          calls.forEach(submit);
        }
      }
      if (type === 'facts' && (said.to ?? id) === id) replica.apply(said.facts);
      if (type === 'done' && said.to === id) calls.get(said.ref)?.done(said.error);
    },
    close(reason) {
      timers.stop();
      if (reason) post({ type: 'part' });
      if (reason !== 'signed-out') return;
      // The leader may be unable to say it.
      const sessionId = store.load();
      if (sessionId) context.leave({ sessionId, reason });
      store.clear();
    },
  };
};

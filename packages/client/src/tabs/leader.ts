import { noActivity } from '../activity-dom.ts';
import type { Call } from '../calls.ts';
import type { Demand } from '../demand.ts';
import type { Facts } from '../facts.ts';
import { createIdle } from '../idle.ts';
import { EVERYBODY } from '../numbers.ts';
import { openSession, type Session } from '../session.ts';
import type { SessionStore } from '../session-store.ts';
import { createTimers, type Timers } from '../timers.ts';
import { loadSharing, type Sharing } from './load-sharing.ts';
import type { TabMessage } from './messages.ts';
import type { Followers, Relay } from './relay.ts';
import type { Role } from './role.ts';
import type { TabContext } from './context.ts';

/** What comes from other tabs waits until the code for it is there. */
const createEar = (context: TabContext, timers: Timers, create: (sharing: Sharing) => Relay) => {
  const waiting: TabMessage[] = [];
  let relay: Relay | undefined;
  context.post({ type: 'lead' });
  return {
    relay: () => relay,
    message(said: TabMessage): void {
      if (relay) return relay.message(said);
      if (waiting.push(said) === 1) {
        loadSharing(context, timers, (sharing) => {
          relay = create(sharing);
          waiting.forEach(relay.message);
        });
      }
      // Whoever asks whether this tab is alive must not wait.
      if (said.type === 'probe') context.post({ type: 'beat' });
    },
  };
};

/**
 * The tab that holds the session for all tabs of this browser.
 *
 * @param inputAt the last input in this tab, on this machine's clock
 */
// oxlint-disable-next-line max-lines-per-function -- it ties idleness, session and followers together, each of which needs the others
export const createLeader = (context: TabContext, store: SessionStore, inputAt: number): Role => {
  const { replica, activitySource, clock, load, ownDemand } = context;
  const followers: Followers = new Map();
  const timers = createTimers(clock);
  let ids = new Set(ownDemand());

  /** Late rows of users whom nobody watches any more are not taken in. */
  const publish = ({ rows, online, ...rest }: Facts): void => {
    const kept: Facts = {
      ...rest,
      rows: rows?.filter(({ userId }) => ids.has(userId)),
      online: ids.has(EVERYBODY) ? online : undefined,
    };
    relay()?.publish(kept);
    replica.learn(kept);
    context.rooms.loaded()?.learn(kept);
  };
  /** Whoever wants the list of who is online gets its code first, or again where that failed. */
  const wanted = (): Demand => {
    if (!ids.has(EVERYBODY) || replica.held().online) return [...ids];
    load
      .online()
      .then(({ createOnline }) => replica.keepOnline(createOnline))
      .then(
        () => session.link()?.demand(),
        () => {},
      );
    return [...ids].filter((id) => id !== EVERYBODY);
  };
  /** What all tabs want to know together. */
  const redemand = (): void => {
    const before = [...ids];
    ids = new Set([ownDemand(), ...followers.values()].flat());
    publish({ drop: before.filter((id) => !ids.has(id)) });
    session.link()?.demand();
  };
  const submit = (call: Call): void => session.link()?.submit(call);
  const { relay, message } = createEar(context, timers, ({ createRelay }) =>
    createRelay({
      ...context,
      timers,
      followers,
      redemand,
      noteInput: idle.noteInput,
      nudge: () => session.nudge(true),
      submit,
    }),
  );
  const shown = replica.views.idle();
  const idle = createIdle(
    clock,
    timers,
    () => session.link()?.report(),
    (next) => publish({ idle: next }),
    activitySource === noActivity,
    // While the tabs count as active nobody knows which of them had the last input: it may have been just now.
    shown.idle ? Math.max(shown.since, inputAt) : clock.now(),
    shown,
  );
  const session: Session = openSession({
    ...context,
    ...idle,
    timers,
    store,
    demand: wanted,
    learn: publish,
  });
  // Now, not when the link is open: the one is not kept waiting for the other.
  wanted();
  return {
    demand: redemand,
    noteInput: idle.noteInput,
    submit,
    nudge: () => session.nudge(!activitySource.isHidden()),
    setOnline: session.setOnline,
    goodUntil: session.goodUntil,
    message,
    close(reason) {
      relay()?.close();
      session.close(reason);
    },
  };
};

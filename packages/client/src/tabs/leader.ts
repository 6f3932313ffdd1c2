import { noActivity } from '../activity-dom.ts';
import { addCall } from '../calls.ts';
import type { Demand } from '../demand.ts';
import type { Facts } from '../facts.ts';
import { createIdle } from '../idle.ts';
import {
  closeSession,
  goodUntil,
  networkBack,
  networkGone,
  nudge,
  openSession,
} from '../session.ts';
import type { SessionStore } from '../session-store.ts';
import { createTimers, type Timers } from '../timers.ts';
import { holdLock } from './lock.ts';
import type { TabMessage } from './messages.ts';
import type { Followers, Relay } from './relay.ts';
import type { Role } from './role.ts';
import { lifeOf, type TabContext } from './context.ts';

type Sharing = Awaited<ReturnType<TabContext['load']['sharing']>>;

const RELOAD_MS = 4000;

/** What all tabs want to know together. */
const createWants = (own: () => Demand, followers: Followers) => {
  let demand = own();
  let users = new Set(demand.users);
  return {
    current: () => demand,
    /** @returns what nobody wants any more */
    update(): Facts {
      const before = demand;
      const all = [own(), ...followers.values()];
      users = new Set(all.flatMap((each) => each.users));
      demand = { users: [...users], online: all.some(({ online }) => online) };
      return {
        drop: before.users.filter((id) => !users.has(id)),
        dropOnline: before.online && !demand.online,
      };
    },
    /** Late rows of users whom nobody watches any more are not taken in. */
    wanted: ({ rows, online, onlineChanges, ...rest }: Facts): Facts => ({
      ...rest,
      rows: rows?.filter(({ userId }) => users.has(userId)),
      ...(demand.online && { online, onlineChanges }),
    }),
  };
};

/** What comes from other tabs waits until the code for it is there. */
const createEar = (context: TabContext, timers: Timers, create: (sharing: Sharing) => Relay) => {
  let waiting: TabMessage[] = [];
  let relay: Relay | undefined;
  const begin = (sharing: Sharing): void => {
    if (timers.stopped()) return;
    relay = create(sharing);
    for (const said of waiting) relay.message(said);
    waiting = [];
  };
  const load = (): void => {
    context.load.sharing().then(
      (sharing) => begin(sharing),
      () => timers.after(RELOAD_MS * (1 + context.random.next()), load),
    );
  };
  context.post({ type: 'lead' });
  return {
    relay: () => relay,
    message(said: TabMessage): void {
      if (relay) return relay.message(said);
      if (waiting.push(said) === 1) load();
      // Whoever asks whether this tab is alive must not wait.
      if (said.type === 'probe') context.post({ type: 'beat' });
    },
  };
};

/**
 * The tab that holds the session for all tabs of this browser.
 *
 * @param inputAt the last known input in any tab, on this machine's clock
 */
export const createLeader = (context: TabContext, store: SessionStore, inputAt: number): Role => {
  const { replica, source, clock, ownDemand, calls, browser } = context;
  const followers: Followers = new Map();
  const wants = createWants(ownDemand, followers);
  const timers = createTimers(clock);
  const ear = createEar(context, timers, ({ createRelay }) =>
    createRelay({
      ...context,
      timers,
      followers,
      input: () => idle.input(),
      nudge: () => nudge(session, true),
      redemand: () => redemand(),
      submit: (ref, command, done) =>
        calls.has(ref) || link()?.submit(addCall(calls, clock, ref, command, done)),
      watchLife: (tab, gone) =>
        holdLock(browser.locks!, lifeOf(context, tab), false, gone, () => {}),
    }),
  );

  const link = () => session.current?.link;
  const publish = (facts: Facts): void => {
    const wanted = wants.wanted(facts);
    ear.relay()?.publish(wanted);
    replica.apply(wanted);
  };
  const redemand = (): void => {
    publish(wants.update());
    link()?.demand();
  };
  const idle = createIdle(
    clock,
    { report: () => link()?.activity(), changed: (next) => publish({ idle: next }) },
    source === noActivity,
    inputAt,
    replica.show.idle(),
  );
  const session = openSession({
    ...context,
    timers,
    store,
    demand: wants.current,
    idleMs: idle.idleMs,
    awayAfter: idle.setAwayAfter,
    facts: publish,
  });
  return {
    demand: redemand,
    input: idle.input,
    submit: (call) => link()?.submit(call),
    nudge: () => nudge(session, !source.isHidden()),
    network: (online) => (online ? networkBack : networkGone)(session),
    goodUntil: () => goodUntil(session),
    message: ear.message,
    close(reason) {
      ear.relay()?.close();
      idle.stop();
      closeSession(session, reason);
    },
  };
};

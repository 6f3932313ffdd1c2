import type { Demand } from '../demand.ts';
import type { Facts } from '../facts.ts';
import { createIdle } from '../idle.ts';
import { createSession } from '../session.ts';
import type { Session, SessionContext, SessionEvents } from '../session-context.ts';
import { createTimers } from '../timers.ts';
import type { IdleState } from '../types.ts';
import type { ToFollowers } from './messages.ts';
import type { Role } from './role.ts';

export const BEAT_MS = 2000;

export interface LeaderContext extends Omit<SessionContext, 'demand' | 'idleMs'> {
  /** What this tab itself wants to know. */
  ownDemand(): Demand;
  readonly alwaysActive: boolean;
  /** The last known input in any tab, on this machine's clock. */
  readonly inputAt: number;
  /** What this tab shows already. */
  readonly shownIdle: IdleState;
}

export interface LeaderEvents extends Pick<SessionEvents, 'facts' | 'error' | 'stopped'> {
  /** Everything that this tab knows, for one that joins. */
  dump(): Facts;
  post(message: ToFollowers): void;
  /** Tells when a tab is gone without a word. */
  gone(tab: string, task: () => void): void;
}

const forFollowers = (facts: Facts): Facts =>
  facts.connection
    ? { ...facts, connection: { ...facts.connection, transport: 'tab', role: 'follower' } }
    : facts;

/** The wishes of all tabs, and what nobody wishes any more. */
const createUnion = (own: () => Demand) => {
  const tabs = new Map<string, Demand>();
  let before: Demand = { users: [], online: false };
  let wantedUsers: ReadonlySet<string> = new Set();
  const merged = (): Demand => {
    const all = [own(), ...tabs.values()];
    return {
      users: [...new Set(all.flatMap(({ users }) => users))],
      online: all.some(({ online }) => online),
    };
  };
  return {
    tabs,
    current: () => before,
    /** @returns what is to be forgotten */
    update(): Facts {
      const now = merged();
      wantedUsers = new Set(now.users);
      const drop = before.users.filter((id) => !wantedUsers.has(id));
      const dropOnline = before.online && !now.online;
      before = now;
      return { ...(drop.length > 0 && { drop }), ...(dropOnline && { dropOnline }) };
    },
    /** Late rows of users whom nobody watches any more are not taken in. */
    wanted(facts: Facts): Facts {
      const { rows, online, onlineChanges, ...rest } = facts;
      return {
        ...rest,
        ...(rows && { rows: rows.filter(({ userId }) => wantedUsers.has(userId)) }),
        ...(before.online && online && { online }),
        ...(before.online && onlineChanges?.length && { onlineChanges }),
      };
    },
  };
};

/** What the leader does about what the other tabs say. */
const createHearing = (
  { tabs }: ReturnType<typeof createUnion>,
  session: Session,
  input: () => void,
  redemand: () => void,
  events: LeaderEvents,
): Role['message'] => {
  const forget = (tab: string): void => {
    if (tabs.delete(tab)) redemand();
  };
  const join = (tab: string, fresh: boolean, { users, online }: Demand): void => {
    if (fresh) events.post({ type: 'facts', to: tab, facts: forFollowers(events.dump()) });
    if (!tabs.has(tab)) events.gone(tab, () => forget(tab));
    tabs.set(tab, { users, online });
    redemand();
  };
  return (said) => {
    const { from } = said;
    if (said.type === 'join') join(from, said.fresh, said);
    else if (said.type === 'part') forget(from);
    else if (said.type === 'input') input();
    else if (said.type === 'probe') {
      events.post({ type: 'beat' });
      if (said.seen) session.nudge(true);
    } else if (said.type === 'command') {
      const { ref } = said;
      session.submit(said.command, (error) => events.post({ type: 'done', to: from, ref, error }));
    }
  };
};

/** The tab that holds the session for all tabs of this browser. */
export const createLeader = (context: LeaderContext, events: LeaderEvents): Role => {
  const timers = createTimers(context.clock);
  const union = createUnion(context.ownDemand);
  const publish = (facts: Facts): void => {
    const wanted = union.wanted(facts);
    if (union.tabs.size > 0) events.post({ type: 'facts', facts: forFollowers(wanted) });
    events.facts(wanted);
  };
  const redemand = (): void => {
    publish(union.update());
    session.demand();
  };
  const idle = createIdle(
    context.clock,
    {
      report: (idleMs) => session.activity(idleMs),
      changed: (state) => publish({ idle: state }),
    },
    context.alwaysActive,
    context.inputAt,
    context.shownIdle,
  );
  union.update();
  const session = createSession(
    { ...context, demand: union.current, idleMs: idle.idleMs },
    {
      opened: ({ policy }) => policy && idle.setAwayAfter(policy.awayAfterMs),
      facts: publish,
      error: events.error,
      stopped: events.stopped,
    },
  );
  events.post({ type: 'lead' });
  timers.every(BEAT_MS, () => union.tabs.size > 0 && events.post({ type: 'beat' }));
  return {
    demand: redemand,
    input: idle.input,
    submit: session.submit,
    nudge: () => session.nudge(!context.isHidden()),
    online: session.online,
    offline: session.offline,
    goodUntil: session.goodUntil,
    message: createHearing(union, session, idle.input, redemand, events),
    close(reason) {
      timers.stop();
      idle.stop();
      session.close(reason);
    },
  };
};

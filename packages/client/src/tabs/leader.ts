import { noActivity } from '../activity-dom.ts';
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
import { createRelay, forFollowers, type Followers } from './relay.ts';
import type { Role } from './role.ts';
import type { TabContext } from './tab.ts';

/** What several tabs want to know together. */
const union = (demands: readonly Demand[]): Demand => ({
  users: [...new Set(demands.flatMap(({ users }) => users))],
  online: demands.some(({ online }) => online),
});

/**
 * The tab that holds the session for all tabs of this browser.
 *
 * @param inputAt the last known input in any tab, on this machine's clock
 */
export const createLeader = (context: TabContext, store: SessionStore, inputAt: number): Role => {
  const { replica, source, clock, ownDemand, post } = context;
  const followers: Followers = new Map();
  let demand = ownDemand();
  let users = new Set(demand.users);

  /** Late rows of users whom nobody watches any more are not taken in. */
  const publish = ({ rows, online, onlineChanges, ...rest }: Facts): void => {
    const facts: Facts = {
      ...rest,
      rows: rows?.filter(({ userId }) => users.has(userId)),
      ...(demand.online && { online, onlineChanges }),
    };
    if (followers.size > 0) post({ type: 'facts', facts: forFollowers(facts) });
    replica.apply(facts);
  };
  const redemand = (): void => {
    const before = demand;
    demand = union([ownDemand(), ...followers.values()]);
    users = new Set(demand.users);
    publish({
      drop: before.users.filter((id) => !users.has(id)),
      dropOnline: before.online && !demand.online,
    });
    session.current?.link?.demand();
  };
  const idle = createIdle(
    clock,
    {
      report: () => session.current?.link?.activity(),
      changed: (state) => publish({ idle: state }),
    },
    source === noActivity,
    inputAt,
    replica.show.idle(),
  );
  const session = openSession({
    ...context,
    store,
    demand: () => demand,
    idleMs: idle.idleMs,
    awayAfter: idle.setAwayAfter,
    facts: publish,
  });
  const relay = createRelay({ ...context, session, followers, input: idle.input, redemand });
  return {
    demand: redemand,
    input: idle.input,
    submit: (call) => session.current?.link?.submit(call),
    nudge: () => nudge(session, !source.isHidden()),
    network: (online) => (online ? networkBack : networkGone)(session),
    goodUntil: () => goodUntil(session),
    message: relay.message,
    close(reason) {
      relay.close();
      idle.stop();
      closeSession(session, reason);
    },
  };
};

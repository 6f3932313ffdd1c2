import { endOf, NEVER, type KnownUser } from './facts.ts';
import { OFFLINE_AFTER_IDLE_MS, SILENT_IDLE_MS } from './timing.ts';

/** Instants ahead at which time alone will change something of a user: where faults of timing live. */
export const deadlinesOf = (user: KnownUser, at: number): number[] => {
  const instants: number[] = [];
  for (const { until } of user.claims.values()) if (until !== null) instants.push(until);
  for (const { until } of user.typing.values()) instants.push(until);
  for (const session of user.sessions.values()) {
    const { from, by } = endOf(session);
    instants.push(from, by);
    if (session.idleSince !== null) instants.push(session.idleSince + OFFLINE_AFTER_IDLE_MS);
    else if (session.socket !== null) instants.push(session.activeAt + SILENT_IDLE_MS);
  }
  return instants.filter((instant) => instant > at && instant < NEVER);
};

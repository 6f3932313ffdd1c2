import type { PresenceLink } from './transports/presence-link.ts';
import type { SessionContext } from './session.ts';

const TICK_MS = 15_000;
const LATE_MS = 5000;
/** Browsers run the timers of hidden pages once a minute. */
const THROTTLE_MS = 60_000;
const QUIET_ACTIVE_MS = 60_000;
const QUIET_IDLE_MS = 300_000;
/** Whoever comes back to a page wants to see what is true now. */
const QUIET_BACK_MS = 10_000;

/** Watches over a link that says nothing. */
export interface Lookout {
  /** @param seen somebody looks at the page: makes sure of the link */
  look(seen: boolean): void;
  lookedAt(): number;
}

/** @param slept the page slept, last seen awake at this instant */
export const createLookout = (
  { clock, activitySource, timers, replica, demand, idleForMs }: SessionContext,
  link: () => PresenceLink | null,
  slept: (lookedAt: number) => void,
): Lookout => {
  let lookedAt = clock.now();
  let wasHidden = false;

  const look = (seen = false): void => {
    timers.after(TICK_MS, look, 'look');
    const now = clock.now();
    const lateMs = now - lookedAt - TICK_MS - (wasHidden ? THROTTLE_MS : 0);
    const awakeAt = lookedAt;
    const held = link();
    lookedAt = now;
    wasHidden = activitySource.isHidden();
    if (!held) return;
    if (lateMs > replica.held().staleAfterMs) return slept(awakeAt);
    if (!seen && wasHidden) return;
    const quietMs = now - held.heardAt();
    const mostMs = idleForMs() === undefined ? QUIET_ACTIVE_MS : QUIET_IDLE_MS;
    // Asked at each look: what could not be loaded for it is tried again.
    const due = demand()[0] && quietMs >= mostMs;
    if (due || lateMs > LATE_MS || (seen && quietMs > QUIET_BACK_MS)) held.report();
  };
  look();
  return { look, lookedAt: () => lookedAt };
};

import type { Clock } from '@presence/core';
import type { PresenceLink } from './transports/presence-link.ts';

export const TICK_MS = 15_000;
const LATE_MS = 5000;
/** Browsers run the timers of hidden pages once a minute. */
const THROTTLE_MS = 60_000;
const QUIET_ACTIVE_MS = 60_000;
const QUIET_IDLE_MS = 300_000;
/** Whoever comes back to a page wants to see what is true now. */
const QUIET_BACK_MS = 10_000;

/** Watches over a link that says nothing. */
export interface Vigil {
  lookedAt(): number;
  /** @returns the instant of the last look if this machine or page slept through what a server waits, else `null` */
  look(link: PresenceLink | undefined, seen: boolean): number | null;
}

export interface VigilContext {
  readonly clock: Clock;
  isHidden(): boolean;
  isIdle(): boolean;
  watchesAny(): boolean;
  staleAfterMs(): number;
}

export const createVigil = (context: VigilContext): Vigil => {
  const { clock } = context;
  let lookedAt = clock.now();
  let wasHidden = context.isHidden();
  return {
    lookedAt: () => lookedAt,
    look(link, seen) {
      const before = lookedAt;
      const allowedMs = TICK_MS + (wasHidden ? THROTTLE_MS : 0);
      const hidden = context.isHidden();
      lookedAt = clock.now();
      wasHidden = hidden;
      const gapMs = lookedAt - before;
      if (!link) return null;
      if (gapMs > allowedMs + context.staleAfterMs()) return before;
      if (hidden && !seen) return null;
      const quietMs = lookedAt - link.heardAt();
      const late = gapMs > allowedMs + LATE_MS;
      const due =
        context.watchesAny() && quietMs >= (context.isIdle() ? QUIET_IDLE_MS : QUIET_ACTIVE_MS);
      if (late || due || (seen && quietMs > QUIET_BACK_MS)) link.probe();
      return null;
    },
  };
};

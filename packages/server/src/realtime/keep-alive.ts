import type { Policy, Random } from '@presence/core';
import type { Held } from './held.ts';
import type { Link } from './link.ts';
import { TICK_MS } from './live-time.ts';

/*
 * The only keep-alive of the realtime side: protocol pings, which a browser answers without running
 * any timer of the page. A user at rest costs two bytes one way and six the other.
 */

/** What to do with a link now, and when to look at it again (live time). */
export interface Look {
  readonly isLost: boolean;
  readonly nextAt: number;
}

/**
 * The link carries a session from now on. The first ping comes at a random moment of the second half of its interval, so
 * that links which came together are not pinged together for ever.
 */
export const begin = (link: Link, held: Held, now: number, random: Random): void => {
  link.phase = 'open';
  link.held = held;
  link.heardAt = now - Math.floor((random.next() * held.hub.policy.pingMs) / 2);
  link.pingedAt = -1;
};

/** Anything that arrives shows that the link lives. */
export const heard = (link: Link, now: number): void => {
  link.heardAt = now;
  link.pingedAt = -1;
};

/** Pings a link that was silent for the policy's interval, and gives up one whose pong is overdue. */
export const look = (link: Link, now: number, policy: Policy): Look => {
  // Heard during a stall that was taken off the live time since.
  if (link.heardAt > now) link.heardAt = now;
  if (link.pingedAt > now) link.pingedAt = now;
  if (link.pingedAt >= 0) {
    const nextAt = link.pingedAt + policy.pongTimeoutMs;
    return { isLost: now >= nextAt, nextAt };
  }
  // A tick early rather than late: interval and timeout together are what others are promised.
  const intervalMs = Math.max(TICK_MS, policy.pingMs - TICK_MS);
  const pingAt = link.heardAt + intervalMs;
  if (now < pingAt) return { isLost: false, nextAt: pingAt };
  link.connection.ping('');
  link.pingedAt = now;
  return { isLost: false, nextAt: now + Math.min(policy.pongTimeoutMs, intervalMs) };
};

import type { KnownUser, Window } from './facts.ts';
import { AMNESTY_OWN_MS, PULSE_MS, STOOD_STILL_MS } from './timing.ts';

const later = (window: Window | null, byMs: number): Window | null =>
  window && { from: window.from, by: window.by + byMs };

/** A server that stood still takes nobody offline: what lived before counts until the amnesty is over. */
const pardoned = (lease: Window, fromAt: number, toAt: number): Window => {
  if (lease.by <= fromAt - PULSE_MS) return lease;
  const until = toAt + AMNESTY_OWN_MS;
  return {
    from: lease.from > fromAt ? Math.max(lease.from, until) : lease.from,
    by: Math.max(lease.by, until),
  };
};

export const amnesty = (user: KnownUser, fromAt: number, toAt: number): void => {
  const lengthMs = toAt - fromAt;
  for (const session of user.sessions.values()) {
    session.stalledMs += lengthMs;
    session.silent = later(session.silent, lengthMs);
    if (session.socket !== null) session.leaving = later(session.leaving, lengthMs);
    if (session.lease && lengthMs > STOOD_STILL_MS) {
      session.lease = pardoned(session.lease, fromAt, toAt);
    }
  }
};

import type { KnownUser, Window } from './facts.ts';
import { AMNESTY_OWN_MS, PULSE_MS, STOOD_STILL_MS } from './timing.ts';

const later = (window: Window | null, byMs: number): Window | null =>
  window && { from: window.from, by: window.by + byMs };

/** A server that stood still takes nobody offline: what lived before counts until the amnesty is over. */
const pardoned = (lease: Window, fromAt: number, toAt: number): Window => {
  const lengthMs = toAt - fromAt;
  if (lease.by <= fromAt - PULSE_MS || lengthMs <= STOOD_STILL_MS - PULSE_MS) return lease;
  const until = toAt + AMNESTY_OWN_MS;
  const isCertain = lease.from > fromAt && lengthMs > STOOD_STILL_MS;
  return {
    from: isCertain ? Math.max(lease.from, until) : lease.from,
    by: Math.max(lease.by, until),
  };
};

export const amnesty = (user: KnownUser, fromAt: number, toAt: number): void => {
  const lengthMs = toAt - fromAt;
  for (const session of user.sessions.values()) {
    session.stalledMs += lengthMs;
    session.silent = later(session.silent, lengthMs);
    if (session.socket !== null) session.leaving = later(session.leaving, lengthMs);
    if (session.lease) session.lease = pardoned(session.lease, fromAt, toAt);
  }
};

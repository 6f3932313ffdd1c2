import type { PolicyOptions } from '@presence/core';

/** How large and how long a run is. */
export interface Scale {
  readonly name: 'full' | 'short';
  readonly users: number;
  /** Of them by HTTP. */
  readonly beaters: number;
  readonly policy: PolicyOptions;
  /** Users who leave in each of several ways. */
  readonly some: number;
  /** How long a fault lasts that may last any time. */
  readonly faultMs: number;
  /** How long the store stands still. */
  readonly stopMs: number;
}

/** Two thousand users, the default policy, and faults as guarantees.md names them. */
export const FULL: Scale = {
  name: 'full',
  users: 2000,
  beaters: 100,
  policy: {},
  some: 20,
  faultMs: 12_000,
  stopMs: 40_000,
};

/** The same in little, for every run of the tests. */
export const SHORT: Scale = {
  name: 'short',
  users: 240,
  beaters: 24,
  policy: {
    heartbeatMs: 3000,
    hiddenHeartbeatMs: 3000,
    leaseMs: 8000,
    nodeLeaseMs: 6000,
    nodeRenewMs: 1000,
    pingMs: 3000,
    pongTimeoutMs: 3000,
    grace: { lostMs: 2000, closedMs: 1000, drainMs: 12_000 },
  },
  some: 6,
  faultMs: 8000,
  stopMs: 9000,
};

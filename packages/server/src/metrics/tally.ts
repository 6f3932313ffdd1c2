import { createHistogram, type Histogram } from './histogram.ts';
import { createCounts, createLabelled, type Counts, type Labelled } from './labelled.ts';

/**
 * What one node has done since it started, in plain numbers: counting costs an addition, and all
 * else is done when somebody scrapes.
 */
export interface Tally {
  /** Received over HTTP by somebody signed in, refused ones included. */
  heartbeats: number;
  commits: number;
  /** Users who were back within a minute of being lost. */
  flaps: number;
  /** Users taken offline because nobody renewed their lease: without leases they would be online for ever. */
  ghosts: number;
  flushes: number;
  flushMs: number;
  /** Users whose change a flush told. */
  changes: number;
  /** Frames to sockets, of every kind. */
  frames: number;
  frameBytes: number;
  /** By status and cause. */
  readonly transitions: Counts;
  /** By `http` or `socket`, and the error's code. */
  readonly refusals: Counts;
  /** By the store's reason. */
  readonly conflicts: Counts;
  /** By cause, in seconds. */
  readonly timeToOffline: Labelled<Histogram>;
  /** By verb, in seconds. Empty where the store is in this process. */
  readonly storeCalls: Labelled<Histogram>;
  /** By verb. */
  readonly storeErrors: Counts;
  /** By outcome of a try: `delivered`, `retry`, `failed`, or `dropped` from a full queue. */
  readonly webhookDeliveries: Counts;
}

/** Seconds: from a closed page to an idle one. */
const OFFLINE_BOUNDS = [1, 5, 10, 15, 30, 45, 60, 90, 120, 150, 180, 300, 600, 1800, 3600];

/** Seconds: from a store on this machine to one that does not answer. */
const CALL_BOUNDS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5];

export const createTally = (): Tally => ({
  heartbeats: 0,
  commits: 0,
  flaps: 0,
  ghosts: 0,
  flushes: 0,
  flushMs: 0,
  changes: 0,
  frames: 0,
  frameBytes: 0,
  transitions: createCounts(),
  refusals: createCounts(),
  conflicts: createCounts(),
  timeToOffline: createLabelled(() => createHistogram(OFFLINE_BOUNDS)),
  storeCalls: createLabelled(() => createHistogram(CALL_BOUNDS)),
  storeErrors: createCounts(),
  webhookDeliveries: createCounts(),
});

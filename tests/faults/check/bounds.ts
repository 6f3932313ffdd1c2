import type { Death, Fault, History, Moment, Timing, UserEvent } from '../history/history.ts';
import { lagAround } from './lag.ts';

/** One link of a user, or the attempt at one. */
export interface Hold {
  readonly node: string;
  readonly openedAt: Moment;
  /** `null`: the hello was never answered. */
  readonly welcomedAt: Moment | null;
  readonly ended: Extract<UserEvent, { kind: 'ended' }> | null;
}

/** Must be online until `least`, may be until `most`. */
export interface Bounds {
  readonly least: Moment;
  readonly most: Moment;
}

/** A node commits a leave so much after the grace at most: its wheel, a load and a commit. */
const LEAVE_MS = 1000;
/** Machines of a test are not exact to the millisecond, and neither are timers. */
export const MARGIN_MS = 100;
/** As long leases that lived count after the store was stopped: a node's, and those of sessions by HTTP. */
export const AMNESTY_MS = Object.freeze({ shared: 30_000, own: 75_000 });
/** A shorter stop is none. */
const PULSE_OLD_MS = 5000;
/** L5: sessions are attached again within so long after the store lost its data. */
export const ATTACHED_AGAIN_MS = 20_000;
/** L4: all agree so long after a fault. */
export const AGREED_MS = 16_000;

export const holdsOf = (events: readonly UserEvent[]): Hold[] => {
  const holds: Hold[] = [];
  for (const event of events) {
    const { node, at } = event;
    const last = holds.at(-1);
    if (event.kind === 'opening') {
      holds.push({ node, openedAt: at, welcomedAt: null, ended: null });
    } else if (last && event.kind === 'welcomed') {
      holds[holds.length - 1] = { ...last, welcomedAt: at };
    } else if (last && event.kind === 'ended' && !last.ended) {
      holds[holds.length - 1] = { ...last, ended: event };
    }
  }
  return holds;
};

const left = (ended: NonNullable<Hold['ended']>, timing: Timing): Bounds => {
  const { at, how } = ended;
  const { lostMs, closedMs, pingMs, pongTimeoutMs, leaseMs } = timing;
  if (how === 'beats-ended')
    return { least: at + leaseMs - MARGIN_MS, most: at + leaseMs + LEAVE_MS };
  if (how === 'signed-out') return { least: at, most: at + LEAVE_MS };
  if (how === 'closed') return { least: at, most: at + closedMs + LEAVE_MS };
  const least = at + lostMs - MARGIN_MS;
  if (how === 'lost') return { least, most: at + lostMs + LEAVE_MS };
  return {
    least: least + pongTimeoutMs,
    most: at + pingMs + pongTimeoutMs + lostMs + LEAVE_MS,
  };
};

const afterDeath = ({ at, how }: Death, timing: Timing): Bounds => {
  const { nodeLeaseMs, nodeRenewMs, drainMs } = timing;
  if (how === 'drained') {
    return { least: at + drainMs - MARGIN_MS, most: at + drainMs + LEAVE_MS };
  }
  return { least: at + nodeLeaseMs - nodeRenewMs - MARGIN_MS, most: at + nodeLeaseMs };
};

/** A lease that lived when the store was stopped counts until the amnesty is over. */
const pardoned = (
  bounds: Bounds,
  { from, until, backAt = until }: Fault,
  amnestyMs: number,
): Bounds => {
  if (bounds.most <= from) return bounds;
  if (until - from < PULSE_OLD_MS - 1000) return bounds;
  const most = Math.max(bounds.most, until + amnestyMs + MARGIN_MS);
  const isSure = backAt - from > PULSE_OLD_MS + 1000 && bounds.least > from;
  const least = isSure ? Math.max(bounds.least, backAt + amnestyMs - MARGIN_MS) : bounds.least;
  return { least, most };
};

/** By how much a step of the store's clock may prolong a lease. */
const stepped = (bounds: Bounds, { from, stepMs = 0 }: Fault, amnestyMs: number): Bounds => {
  if (bounds.most <= from) return bounds;
  if (stepMs < 0) return { ...bounds, most: bounds.most - stepMs };
  return { ...bounds, most: Math.max(bounds.most, from + amnestyMs + MARGIN_MS) };
};

/** @param amnestyMs of the lease on which it hangs; `null`: it ends by a commit */
const withFault = (bounds: Bounds, fault: Fault, amnestyMs: number | null): Bounds => {
  if (fault.kind === 'clock')
    return amnestyMs === null ? bounds : stepped(bounds, fault, amnestyMs);
  if (fault.kind !== 'store-away') return bounds;
  if (amnestyMs !== null) return pardoned(bounds, fault, amnestyMs);
  // A leave that could not be committed is tried again.
  const isDelayed = bounds.most > fault.from && bounds.least < fault.until + AGREED_MS;
  return isDelayed ? { ...bounds, most: Math.max(bounds.most, fault.until + AGREED_MS) } : bounds;
};

/** When a hold ends, as far as the guarantees say. */
export const boundsOf = (hold: Hold, history: History): Bounds => {
  const { timing, deaths, faults } = history;
  const { ended, node } = hold;
  if (!ended) return { least: Infinity, most: Infinity };
  const bare = left(ended, timing);
  let bounds =
    ended.how === 'beats-ended'
      ? bare
      : { ...bare, most: bare.most + lagAround(history, bare.least) };
  const death = deaths.find((each) => each.node === node && each.at <= bounds.most);
  if (death) {
    const lease = afterDeath(death, timing);
    const isBefore = bounds.least <= death.at && ended.at < death.at;
    bounds = { least: isBefore ? bounds.least : lease.least, most: lease.most };
  }
  const leased = death ? AMNESTY_MS.shared : null;
  const amnestyMs = ended.how === 'beats-ended' ? AMNESTY_MS.own : leased;
  for (const fault of faults) bounds = withFault(bounds, fault, amnestyMs);
  return bounds;
};

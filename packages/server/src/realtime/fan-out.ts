import type { Cancel, Clock, Instant } from '@presence/core';
import { compactJson, isIn, NOT_JOINED, type Entry, type Group, type Watch } from './audience.ts';
import { deliver } from './delivery.ts';
import type { Groups } from './groups.ts';
import type { Link } from './link.ts';
import type { Outbox } from './outbox.ts';
import { framedRows } from './shared-frame.ts';
import type { SharedFrame } from './types.ts';
import { watchesOf } from './watch-list.ts';

/** Brings what changed to whoever watches it, once for each window of time. */
export interface FanOut {
  changed(entry: Entry): void;
  /**
   * Somebody begins to watch. `null`: whenever they like. While a crowd comes, resolves after the
   * next flush: what changes until then is in their snapshot, and need not follow it.
   */
  arrived(): Promise<void> | null;
  /** Changes that wait for the window and that at least one of these watches has not been told of. */
  pendingFor(watches: readonly Watch[]): readonly Entry[];
  /** The latest state of these users in one frame, as this link's watches show them. */
  latest(link: Link, entries: Iterable<Entry>): SharedFrame | null;
  stop(): void;
}

interface Parts {
  readonly clock: Clock;
  readonly windowMs: number;
  /** The audience of the whole tenant. */
  readonly everyone: Group;
  readonly eachOf: Groups['eachOf'];
  readonly outbox: Outbox;
  /** A window's changes were told, which took so long. */
  onFlushed(changes: number, tookMs: number): void;
  asOf(): Instant;
  /** Whether the entry was not forgotten: its number may be another's by now. */
  isKept(entry: Entry): boolean;
}

/**
 * After a flush that took long, as when everybody comes back at once, the next window is longer by
 * this factor: fan-out leaves a node most of its time, and what waits is merged.
 */
const REST_FACTOR = 4;

const LONGEST_WINDOW_MS = 500;

/**
 * When so many began to watch during a window, it goes on for another one, and so on while they
 * come. Each of a crowd would else hear of each in many small frames; so they hear of all in few.
 */
const CROWD = 20;

/** A crowd waits no longer than this for what changed. */
const CROWD_WINDOW_MS = 1000;

/** A step of a window that goes on, where the policy has no window at all. */
const LEAST_STEP_MS = 50;

/** Whether a crowd is coming, and who of it waits for the flush. */
const createCrowd = (windowMs: number) => {
  const stepMs = Math.max(windowMs, LEAST_STEP_MS);
  let arrivals = 0;
  let grownMs = 0;
  /** The last window ended while a crowd was still coming. */
  let isComing = false;
  /** Whoever comes waits for the end of this window. */
  let isWaited = false;
  let waiting: (() => void)[] = [];

  return {
    /** For how much longer the window goes on; 0: it is over. */
    growsBy: (): number => {
      isComing = arrivals >= CROWD;
      const grows = isComing && grownMs < CROWD_WINDOW_MS;
      arrivals = 0;
      grownMs = grows ? grownMs + stepMs : 0;
      isWaited = grows;
      return grows ? stepMs : 0;
    },
    arrived: (): Promise<void> | null => {
      arrivals += 1;
      return isWaited ? new Promise((resolve) => waiting.push(resolve)) : null;
    },
    /** A window begins; it is the crowd's from its beginning where the one before was. */
    begin: (): void => {
      arrivals = 0;
      isWaited = isComing;
    },
    release: (): void => {
      const released = waiting;
      waiting = [];
      for (const resolve of released) resolve();
    },
  };
};

export const createFanOut = (parts: Parts): FanOut => {
  const { clock, windowMs, asOf, isKept } = parts;
  const pending = new Set<Entry>();
  let window: Cancel | null = null;
  const crowd = createCrowd(windowMs);
  let waitMs = windowMs;

  const flush = (): void => {
    const moreMs = crowd.growsBy();
    window = moreMs > 0 ? clock.after(moreMs, flush) : null;
    if (window !== null) return;
    const startedAt = clock.now();
    const changed = [...pending];
    pending.clear();
    deliver({ ...parts, changed, asOf: asOf() });
    const took = clock.now() - startedAt;
    parts.onFlushed(changed.length, took);
    waitMs = Math.max(windowMs, Math.min(took * REST_FACTOR, LONGEST_WINDOW_MS));
    crowd.release();
  };

  const latest: FanOut['latest'] = (link, entries) => {
    const isFull = (entry: Entry): boolean =>
      isKept(entry) && watchesOf(link).some(({ group }) => isIn(group, entry));
    const full = [...entries].filter(isFull);
    const rest = watchesOf(link).some(({ isTenant }) => isTenant)
      ? [...entries].filter((entry) => !isFull(entry))
      : [];
    const rows = [...full.map(({ json }) => json), ...rest.map(compactJson)];
    if (rows.length === 0) return null;
    return framedRows('{"type":"changes","presences":[', rows, `],"asOf":${asOf()}}`);
  };

  return {
    changed: (entry) => {
      pending.add(entry);
      if (window !== null) return;
      crowd.begin();
      window = clock.after(waitMs, flush);
    },
    arrived: crowd.arrived,
    pendingFor: (watches) =>
      [...pending].filter((entry) =>
        watches.some(
          ({ group, joinedSeq, isTenant }) =>
            joinedSeq !== NOT_JOINED &&
            entry.seq > joinedSeq &&
            (isTenant || (isKept(entry) && isIn(group, entry))),
        ),
      ),
    latest,
    stop: () => {
      window?.();
      window = null;
      pending.clear();
      crowd.release();
    },
  };
};

import type { Cancel, Clock, Instant } from '@presence/core';
import { compactJson, type Entry, type Group, type Watch } from './audience.ts';
import { deliver } from './delivery.ts';
import type { Link } from './link.ts';
import type { Outbox } from './outbox.ts';
import { sharedFrame } from './shared-frame.ts';
import type { SharedFrame } from './types.ts';

/** Brings what changed to whoever watches it, once for each window of time. */
export interface FanOut {
  changed(entry: Entry): void;
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
  readonly outbox: Outbox;
  asOf(): Instant;
}

/**
 * After a flush that took long, as when everybody comes back at once, the next window is longer by
 * this factor: fan-out leaves a node most of its time, and what waits is merged.
 */
const REST_FACTOR = 4;

const LONGEST_WINDOW_MS = 500;

export const createFanOut = (parts: Parts): FanOut => {
  const { clock, windowMs, everyone, outbox, asOf } = parts;
  const pending = new Set<Entry>();
  let window: Cancel | null = null;
  let waitMs = windowMs;

  const flush = (): void => {
    window = null;
    const startedAt = clock.now();
    const changed = [...pending];
    pending.clear();
    deliver({ changed, everyone, outbox, asOf: asOf() });
    const took = clock.now() - startedAt;
    waitMs = Math.max(windowMs, Math.min(took * REST_FACTOR, LONGEST_WINDOW_MS));
  };

  const latest: FanOut['latest'] = (link, entries) => {
    const full = [...entries].filter(({ groups }) => watchesById(link, groups));
    const rest = link.watches.some(({ isTenant }) => isTenant)
      ? [...entries].filter(({ groups }) => !watchesById(link, groups))
      : [];
    const rows = [...full.map(({ json }) => json), ...rest.map(compactJson)];
    if (rows.length === 0) return null;
    return sharedFrame(`{"type":"changes","presences":[${rows.join(',')}],"asOf":${asOf()}}`);
  };

  return {
    changed: (entry) => {
      pending.add(entry);
      window ??= clock.after(waitMs, flush);
    },
    pendingFor: (watches) =>
      [...pending].filter(({ groups, seq }) =>
        watches.some(
          ({ group, joinedSeq, isTenant }) =>
            seq > joinedSeq && (isTenant || groups?.has(group) === true),
        ),
      ),
    latest,
    stop: () => {
      window?.();
      window = null;
      pending.clear();
    },
  };
};

const watchesById = (link: Link, groups: Entry['groups']): boolean =>
  groups !== null && link.watches.some(({ group }) => groups.has(group));

import type { Clock, Instant } from '@presence/core';
import { compactJson, isIn, NOT_JOINED, type Entry, type Group, type Watch } from './audience.ts';
import { deliver } from './delivery.ts';
import type { Groups } from './groups.ts';
import type { Link } from './link.ts';
import type { Outbox } from './outbox.ts';
import { framedRows } from './shared-frame.ts';
import type { SharedFrame } from './types.ts';
import { watchesOf } from './watch-list.ts';
import { createWindow, type Window } from './window.ts';

/** Brings what changed to whoever watches it, once for each window of time. */
export interface FanOut {
  changed(entry: Entry): void;
  arrived: Window['arrived'];
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

export const createFanOut = (parts: Parts): FanOut => {
  const { clock, windowMs, asOf, isKept } = parts;
  const pending = new Set<Entry>();

  const flush = (): void => {
    const startedAt = clock.now();
    const changed = [...pending];
    pending.clear();
    deliver({ ...parts, changed, asOf: asOf() });
    parts.onFlushed(changed.length, clock.now() - startedAt);
  };
  const window = createWindow({ clock, windowMs, flush });

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
      window.open();
    },
    arrived: window.arrived,
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
      window.stop();
      pending.clear();
    },
  };
};

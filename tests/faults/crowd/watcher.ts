import { presenceOf, type Presence, type Status } from '@presence/core';
import type { ChangesFrame, Row, SnapshotFrame } from '@presence/core/protocol';
import type { Told, Watching } from '../history/history.ts';
import { numberOf } from './names.ts';

/** Writes down what one connection of a watcher is told. */
export interface Watcher {
  take(frame: SnapshotFrame | ChangesFrame, at: number): void;
  /** `null` before the first snapshot. */
  readonly watching: Watching | null;
}

interface Fact {
  readonly user: number;
  readonly status: Status;
  readonly version: number;
  readonly content?: string;
}

export const contentOf = ({ version: _version, ...content }: Presence): string =>
  // Rows of one version may come by ways that name the parts in another order.
  JSON.stringify(Object.entries(content).toSorted(([a], [b]) => (a < b ? -1 : 1)));

const factOf = (row: Row): Fact | null => {
  const [userId, status, version] = row;
  const user = numberOf(userId);
  if (user === null) return null;
  return {
    user,
    status,
    version,
    ...(row.length !== 3 && { content: contentOf(presenceOf(row)) }),
  };
};

/**
 * @param everybody how many users a tenant's watch is about; 0 for a watch of some
 * @param begin opens the record of this connection
 */
export const createWatcher = (everybody: number, begin: (at: number) => Watching): Watcher => {
  let watching: Watching | null = null;
  let present = new Set<number>();

  const put = (told: Told): void => void watching!.told.push(told);

  const takeRows = ({ type: via, presences }: SnapshotFrame | ChangesFrame, at: number): void => {
    for (const row of presences) {
      const fact = factOf(row);
      if (!fact) continue;
      put({ at, via, ...fact });
      if (via === 'snapshot') present.add(fact.user);
    }
  };

  /** Whoever is absent from a tenant's snapshot is offline. */
  const takeAbsent = (at: number): void => {
    for (let user = 0; user < everybody; user += 1) {
      if (present.has(user)) continue;
      put({ at, via: 'snapshot', user, status: 'offline', version: null });
    }
    present = new Set();
  };

  return {
    take: (frame, at) => {
      watching ??= begin(at);
      takeRows(frame, at);
      if (frame.type === 'snapshot' && frame.more !== true) takeAbsent(at);
    },
    get watching() {
      return watching;
    },
  };
};

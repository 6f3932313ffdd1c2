import type { Status } from '@presence/core';
import type { ChangesFrame, Row, SnapshotFrame } from '@presence/core/protocol';

interface KnownRow {
  readonly status: Status;
  readonly version: number;
}

/** What a watcher knows: the newest version of each row. */
export interface Rows {
  take(frame: SnapshotFrame | ChangesFrame): void;
  clear(): void;
  get(userId: string): KnownRow | undefined;
  /** When a complete snapshot was there; `null` before. */
  readonly snapshotAt: number | null;
}

export const createRows = (now: () => number): Rows => {
  const rows = new Map<string, KnownRow>();
  let snapshotAt: number | null = null;

  const apply = ([userId, status, version]: Row): void => {
    const before = rows.get(userId);
    if (!before || version > before.version) rows.set(userId, { status, version });
  };

  return {
    take: (frame) => {
      if (frame.type === 'snapshot' && frame.more !== true) snapshotAt = now();
      frame.presences.forEach(apply);
    },
    clear: () => {
      rows.clear();
      snapshotAt = null;
    },
    get: (userId) => rows.get(userId),
    get snapshotAt() {
      return snapshotAt;
    },
  };
};

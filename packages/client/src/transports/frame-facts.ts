import type { CompactRow, Presence } from '@presence/core';
import type { ChangesFrame, Row, SnapshotFrame } from '@presence/core/protocol';
import type { Facts } from '../facts.ts';
import { TENANT_WATCH } from '../watches.ts';

const isCompact = (row: Row): row is CompactRow => Array.isArray(row);

const compactOf = (row: Row): CompactRow =>
  isCompact(row) ? row : [row.userId, row.status, row.version];

/** Turns frames with rows into facts. A list that spans several frames is handed on when it is whole. */
export const createFrameReader = (): ((frame: SnapshotFrame | ChangesFrame) => Facts) => {
  let listed: CompactRow[] = [];
  return (frame) => {
    const { asOf, presences } = frame;
    const compact = presences.map(compactOf);
    const rows = presences.filter((row): row is Presence => !isCompact(row));
    // Of a user in both kinds of watch comes one row, the full one: it counts for both.
    if (frame.type === 'changes') return { asOf, rows, onlineChanges: compact };
    if (frame.watch !== TENANT_WATCH) return { asOf, rows };
    const online = [...listed, ...compact];
    listed = frame.more ? online : [];
    return frame.more ? {} : { asOf, online };
  };
};

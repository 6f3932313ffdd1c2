import type { Presence } from '@presence/core';
import type { ChangesFrame, Row, SnapshotFrame } from '@presence/core/protocol';
import type { Facts } from '../facts.ts';
import { TENANT_WATCH } from '../watches.ts';

/** Turns frames with rows into facts. A list that spans several frames is handed on when it is whole. */
export const createFrameReader = (): ((frame: SnapshotFrame | ChangesFrame) => Facts) => {
  let listed: Row[] = [];
  return (frame) => {
    const { asOf, presences } = frame;
    const rows = presences.filter((row): row is Presence => 'userId' in row);
    // Of a user in both kinds of watch comes one row, the full one: it counts for both.
    if (frame.type === 'changes') return { asOf, rows, online: presences };
    if (frame.watch !== TENANT_WATCH) return { asOf, rows };
    const online = [...listed, ...presences];
    listed = frame.more ? online : [];
    return frame.more ? {} : { asOf, online, complete: true };
  };
};

import { presenceOf, type FullRow, type Presence } from '@presence/core';
import type { ChangesFrame, SnapshotFrame } from '@presence/core/protocol';
import type { Facts, OnlineRow } from '../facts.ts';
import { TENANT_WATCH } from '../numbers.ts';

/** Of a compact row the last fields are undefined. */
const isWhole = ({ since }: Presence): boolean => since !== undefined;

/** Turns frames with rows into facts. A list that spans several frames is handed on when it is whole. */
export const createFrameReader = (): ((frame: SnapshotFrame | ChangesFrame) => Facts) => {
  const listed: OnlineRow[] = [];
  return ({ asOf, presences, ...frame }) => {
    const online = presences.map((row) => presenceOf(row as FullRow));
    const rows = online.filter(isWhole);
    // Of a user in both kinds of watch comes one row, the full one: it counts for both.
    if (frame.type === 'changes') return { asOf, rows, online };
    if (frame.watch !== TENANT_WATCH) return { asOf, rows };
    listed.push(...online);
    return frame.more ? {} : { asOf, online: listed.splice(0), complete: true };
  };
};

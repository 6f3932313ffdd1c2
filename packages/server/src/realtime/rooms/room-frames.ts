import type { Instant } from '@presence/core';
import type { RoomMode, Typist } from '@presence/core/protocol';
import { framedRows } from '../shared-frame.ts';
import type { SharedFrame } from '../types.ts';
import type { Changed } from './watchers.ts';

/** How a room is at the moment in which a frame is made. */
interface State {
  readonly mode: RoomMode;
  readonly count: number;
  readonly asOf: Instant;
  readonly rows: readonly string[];
  readonly typing: readonly Typist[];
}

/** The frames of one room. Snapshots are made once for all who join between two changes. */
export interface RoomFrames {
  /** @param moment names what it shows: the same one again is made once */
  snapshot(watchId: string, moment: string): readonly SharedFrame[];
  changes(rows: readonly Changed[]): SharedFrame;
  /** Something was told: the last snapshot is of before. */
  forget(): void;
}

/** Rows of one frame of a snapshot. */
const FRAME_ROWS = 500;

export const createRoomFrames = (room: string, state: () => State): RoomFrames => {
  let last: { readonly key: string; readonly frames: readonly SharedFrame[] } | null = null;

  const make = (watchId: string): readonly SharedFrame[] => {
    const { mode, count, asOf, rows, typing } = state();
    const named = { watch: watchId, room, mode, count };
    const before = `{"type":"snapshot",${JSON.stringify(named).slice(1, -1)},"presences":[`;
    const behind = `],"typing":${JSON.stringify(typing)},"asOf":${asOf}`;
    const frames: SharedFrame[] = [];
    for (let start = 0; start < rows.length || frames.length === 0; start += FRAME_ROWS) {
      const more = start + FRAME_ROWS < rows.length ? ',"more":true}' : '}';
      frames.push(framedRows(before, rows.slice(start, start + FRAME_ROWS), behind + more));
    }
    return frames;
  };

  return {
    snapshot: (watchId, moment) => {
      const key = `${moment} ${watchId}`;
      if (last?.key !== key) last = { key, frames: make(watchId) };
      return last.frames;
    },
    changes: (rows) => {
      const { count, asOf } = state();
      return framedRows(
        `{"type":"changes","room":${JSON.stringify(room)},"count":${count},"presences":[`,
        rows.map(({ json }) => json),
        `],"asOf":${asOf}}`,
      );
    },
    forget: () => {
      last = null;
    },
  };
};

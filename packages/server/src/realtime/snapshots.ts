import type { Group, Snapshot, Watch } from './audience.ts';
import type { Known } from './known.ts';
import type { LiveTime } from './live-time.ts';
import type { Roster } from './roster.ts';
import { framedRows } from './shared-frame.ts';
import type { SharedFrame } from './types.ts';
import { hasOneWatch } from './watch-list.ts';

/** A snapshot is given to those who join this soon after it was made. */
const SHARED_FOR_MS = 1000;

/** First frames of watches. */
export interface Snapshots {
  /** How everybody in the tenant is, who is not offline; with what it says, `watch` is joined. */
  ofTenant(watch: Watch): readonly SharedFrame[];
  /** How all users of the watch are; with what it says, `watch` is joined. */
  ofWatch(watch: Watch): readonly SharedFrame[];
  /** How these users are, some of the watch. */
  ofUsers(watch: Watch, numbers: Uint32Array): readonly SharedFrame[];
}

interface Parts {
  readonly known: Known;
  readonly roster: Roster;
  readonly time: LiveTime;
}

export const createSnapshots = ({ known, roster, time }: Parts): Snapshots => {
  const frameOf = (id: string, rows: string[], more: boolean): SharedFrame =>
    framedRows(
      `{"type":"snapshot","watch":${JSON.stringify(id)},"presences":[`,
      rows,
      `],"asOf":${known.asOf()}${more ? ',"more":true' : ''}}`,
    );

  const shared = (
    { id, link }: Watch,
    group: Group,
    make: () => readonly SharedFrame[],
  ): Snapshot => {
    const last = group.snapshot;
    const now = time.now();
    // All watches of one link stand at the same change: with several, it has to be the latest. Watches that ended may have told more.
    const isBehind = last !== null && (!hasOneWatch(link) || last.seq < link.toldSeq);
    const fits = last !== null && (last.seq === known.seq() || !isBehind);
    if (fits && last.id === id && now - last.madeAt < SHARED_FOR_MS) return last;
    const made = { id, seq: known.seq(), madeAt: now, frames: make() };
    // Of an audience of one, nobody else is likely to want it, and thousands of them would be kept.
    if (group.members.size > 1) group.snapshot = made;
    return made;
  };

  return {
    ofTenant: (watch) => {
      const snapshot = shared(watch, watch.group, () => {
        const pieces = roster.pieces();
        return pieces.map((rows, index) => frameOf(watch.id, [rows], index < pieces.length - 1));
      });
      watch.joinedSeq = snapshot.seq;
      return snapshot.frames;
    },
    ofWatch: (watch) => {
      const snapshot = shared(watch, watch.group, () => [
        frameOf(watch.id, known.rowsOf(watch.group.numbers), false),
      ]);
      watch.joinedSeq = snapshot.seq;
      return snapshot.frames;
    },
    ofUsers: (watch, numbers) => [frameOf(watch.id, known.rowsOf(numbers), false)],
  };
};

import { compactRow, fullRow, presenceOf, type FullRow, type Presence } from '@presence/core';
import type { RoomChangesFrame, RoomSnapshotFrame } from '@presence/core/protocol';
import type { RoomFrame } from './facts.ts';
import { createRoomTypists, type RoomTypists } from './room-typists.ts';
import type { RoomMember, RoomState } from './types.ts';

const UNKNOWN = Object.freeze({ count: 0, mode: 'full', synced: false } as const);

type Row = RoomSnapshotFrame['presences'][number];

const memberOf = (row: Row): RoomMember => Object.freeze(presenceOf(row as FullRow) as RoomMember);

export const byId = (a: RoomMember, b: RoomMember): number => (a.userId < b.userId ? -1 : 1);

/** Of a compact row the last fields are undefined. */
const rowOf = (member: RoomMember): Row =>
  (member.since === undefined ? compactRow : fullRow)(member as Presence);

/** Who is in one room, from the rows that a link tells, in their order. */
const createRoomMembers = () => {
  let members = new Map<string, RoomMember>();
  let arriving: RoomMember[] = [];

  return {
    /** Whether the list is whole; one that spans several frames counts with its last. */
    takeAll({ presences, more }: RoomSnapshotFrame): boolean {
      arriving.push(...presences.map(memberOf));
      if (more) return false;
      members = new Map(arriving.map((member) => [member.userId, member]));
      arriving = [];
      return true;
    },
    take(row: RoomChangesFrame['presences'][number]): void {
      const [userId, status, version] = row;
      if (status === 'gone') members.delete(userId);
      else if (version >= (members.get(userId)?.version ?? 0)) members.set(userId, memberOf(row));
    },
    all: (): RoomMember[] => [...members.values()].sort(byId),
  };
};

const namesOf = (typists: RoomTypists, except: string): readonly string[] => {
  const ids = typists.all().map(([userId]) => userId);
  return Object.freeze(ids.filter((userId) => userId !== except).sort());
};

/**
 * One room as the frames of a link tell it.
 *
 * @param ownId nobody is told that they type themselves
 */
export const createRoomState = (ownId: () => string) => {
  const members = createRoomMembers();
  const typists = createRoomTypists();
  let plain: Pick<RoomState, 'count' | 'mode' | 'synced'> = UNKNOWN;
  let asOf = 0;
  let shown: RoomState | null = null;

  const changed = (): boolean => {
    shown = null;
    return true;
  };
  const takeSnapshot = (frame: RoomSnapshotFrame, now: number): boolean => {
    if (!members.takeAll(frame)) return false;
    const { count, mode } = frame;
    plain = { count, mode, synced: true };
    typists.clear();
    for (const { userId, until } of frame.typing) typists.note(userId, until - frame.asOf, now);
    return changed();
  };

  return {
    /** Whether it changed anything. */
    take(frame: RoomFrame, now: number): boolean {
      ({ asOf } = frame);
      if (frame.type === 'snapshot') return takeSnapshot(frame, now);
      if (frame.type === 'typing') typists.note(frame.userId, frame.until - asOf, now);
      else {
        for (const row of frame.presences) {
          members.take(row);
          if (row[1] === 'gone') typists.note(row[0], 0, now);
        }
        plain = { ...plain, count: frame.count };
      }
      return changed();
    },
    nextEnd: typists.nextEnd,
    expire: (now: number): boolean => typists.expire(now) && changed(),
    /** The link is lost for too long. */
    distrust(): boolean {
      if (!plain.synced) return false;
      plain = { ...plain, synced: false };
      typists.clear();
      return changed();
    },
    shown: (): RoomState =>
      (shown ??= Object.freeze<RoomState>({
        ...plain,
        members: Object.freeze(members.all()),
        typing: namesOf(typists, ownId()),
      })),
    dump(room: string, now: number): readonly RoomFrame[] {
      const { count, mode, synced } = plain;
      if (!synced) return [];
      const typing = typists
        .all()
        .map(([userId, until]) => ({ userId, until: asOf + until - now }));
      const presences = members.all().map(rowOf);
      return [{ type: 'snapshot', watch: '', room, mode, count, presences, typing, asOf }];
    },
  };
};

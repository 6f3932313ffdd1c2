import type {
  Json,
  RoomChangesFrame,
  RoomSnapshotFrame,
  TypistFrame,
} from '@presence/core/protocol';

export type RoomFrame = RoomSnapshotFrame | RoomChangesFrame | TypistFrame;

type MemberRow = Exclude<
  RoomChangesFrame['presences'][number],
  readonly [unknown, 'gone', unknown]
>;

/** How somebody stands in a room, as a text: equal texts look alike. */
export type Standing = string;

export const standingOf = (status: string, version: number, meta: readonly Json[] = []): Standing =>
  JSON.stringify([status, version, meta]);

/** What one who is told of a room knows of it. */
export interface RoomView {
  take(frame: RoomFrame): void;
  clear(): void;
  readonly members: ReadonlyMap<string, Standing>;
  readonly count: number;
  /** Who types now, by what was heard. */
  typing(): readonly string[];
  /** When a complete snapshot was there; `null` before. */
  readonly snapshotAt: number | null;
}

const standingIn = ([, status, version, , , details]: MemberRow): Standing =>
  standingOf(status, version, details?.meta);

export const createRoomView = (now: () => number): RoomView => {
  const members = new Map<string, Standing>();
  const typingUntil = new Map<string, number>();
  let count = 0;
  let snapshotAt: number | null = null;

  const takeRow = (row: RoomChangesFrame['presences'][number]): void => {
    const [userId, status] = row;
    if (status !== 'gone') return void members.set(userId, standingIn(row));
    members.delete(userId);
    typingUntil.delete(userId);
  };
  const type = (userId: string, forMs: number): void =>
    void typingUntil.set(userId, now() + Math.max(0, forMs));

  return {
    take: (frame) => {
      if (frame.type === 'typing') return type(frame.userId, frame.until - frame.asOf);
      count = frame.count;
      if (frame.type === 'snapshot') {
        members.clear();
        typingUntil.clear();
        for (const { userId, until } of frame.typing) type(userId, until - frame.asOf);
        snapshotAt = now();
      }
      frame.presences.forEach(takeRow);
    },
    clear: () => {
      members.clear();
      typingUntil.clear();
      snapshotAt = null;
    },
    members,
    get count() {
      return count;
    },
    typing: () => [...typingUntil].filter(([, until]) => until > now()).map(([userId]) => userId),
    get snapshotAt() {
      return snapshotAt;
    },
  };
};

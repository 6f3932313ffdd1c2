import type { Instant } from '../lease.ts';
import type { CompactRow, RowDetails } from '../project.ts';
import type { WithRef } from './messages.ts';
import type { Json, Typist } from './room-messages.ts';

/** Takes this connection's session into a room, or changes what it says of itself there. */
export interface JoinFrame extends WithRef {
  readonly type: 'join';
  readonly room: string;
  /** At most 256 bytes as JSON. */
  readonly meta?: Json | undefined;
}

/** Takes this connection's session out of a room. */
export interface LeaveFrame extends WithRef {
  readonly type: 'leave';
  readonly room: string;
}

/** The user types in a room that this session is in; repeated while it lasts, at least each `typingMs`. */
export interface TypingFrame extends WithRef {
  readonly type: 'typing';
  readonly room: string;
  /** False: it was sent, or dropped. */
  readonly state: boolean;
}

/**
 * How much is told of a room, by its size: each member in full up to 1,000 of them, as compact rows up to
 * 20,000, and beyond that how many they are.
 */
export type RoomMode = 'full' | 'compact' | 'count';

/** A member in full, with what their sessions say of themselves in the room. */
export type MemberRow = readonly [
  ...CompactRow,
  since: Instant | null,
  lastSeenAt: Instant | null,
  details?: RowDetails & { readonly meta?: readonly Json[] },
];

/** Someone who left the room, or went offline, or hides. */
export type GoneRow = readonly [userId: string, 'gone', version: number];

/** All of a room that is watched. Sent anew where the mode changes. */
export interface RoomSnapshotFrame {
  readonly type: 'snapshot';
  readonly watch: string;
  readonly room: string;
  readonly mode: RoomMode;
  /** Of the whole room. */
  readonly count: number;
  /** Nobody where only their number is told. */
  readonly presences: readonly (MemberRow | CompactRow)[];
  readonly typing: readonly Typist[];
  readonly asOf: Instant;
  /** More rows follow. */
  readonly more?: true;
}

/** Who came, changed or left, the latest state of each. The same bytes for every watcher of the room. */
export interface RoomChangesFrame {
  readonly type: 'changes';
  readonly room: string;
  readonly count: number;
  readonly presences: readonly (MemberRow | CompactRow | GoneRow)[];
  readonly asOf: Instant;
}

/** Somebody types in a room that is watched, until then if no more is heard; `until` at `asOf`: they stopped. */
export interface TypistFrame extends Typist {
  readonly type: 'typing';
  readonly room: string;
  readonly asOf: Instant;
}

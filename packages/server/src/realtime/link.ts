import type { Entry, Watch } from './audience.ts';
import type { Held } from './held.ts';
import type { Connection, SharedFrame } from './types.ts';
import type { Timed } from './wheel.ts';

/**
 * `fresh`: no `hello` yet. `opening`: its session is being opened. `closing`: asked to come back;
 * frames are still taken.
 */
type Phase = 'fresh' | 'opening' | 'open' | 'closing' | 'closed';

/**
 * One connection as this node drives it. Tens of thousands are held at once, so it is one flat
 * object of small numbers; anything larger exists only while it is needed. Instants are live time.
 */
export interface Link extends Timed {
  // First, so that they lie side by side: what is looked at and counted whenever a change goes to ten thousand.
  readonly connection: Connection;
  phase: Phase;
  /** The first of its watches; `watch-list.ts` knows the others. */
  watch: Watch | null;
  slow: Slow | null;
  /** Bytes sent that no marker's pong has acknowledged. */
  unacked: number;
  /** Bytes sent since the marker that is out, or since the last one. */
  sinceMarker: number;
  isMarkerOut: boolean;
  held: Held | null;
  /** Frames in waiting, or being worked on in order. */
  work: Promise<void> | null;
  working: number;
  /** The bucket of frames: how many are left, and when that was true. */
  frames: number;
  framesAt: number;
  heardAt: number;
  /** When the ping was sent that no answer was heard to; -1 while none is out. */
  pingedAt: number;
  /** When the link is cut at the latest; -1 while that is not decided. */
  closeBy: number;
  /** Changes up to this one (in the hub's count) it was told by watches that have ended; -1: by none. */
  toldSeq: number;
}

/** What is owed to a reader that does not keep up. */
export interface Slow {
  /** When it last made progress. */
  since: number;
  /** The rest of a snapshot. */
  frames: SharedFrame[];
  /** Users whose latest state it has to be told. */
  owed: Set<Entry>;
  /** So much was owed that all its watches are sent anew. */
  owesAll: boolean;
}

export const createLink = (connection: Connection, now: number, frames: number): Link => ({
  slot: -1,
  connection,
  phase: 'fresh',
  watch: null,
  slow: null,
  unacked: 0,
  sinceMarker: 0,
  isMarkerOut: false,
  held: null,
  work: null,
  working: 0,
  frames,
  framesAt: now,
  heardAt: now,
  pingedAt: -1,
  closeBy: -1,
  toldSeq: -1,
});

export const isOpen = ({ phase }: Link): boolean => phase === 'open' || phase === 'closing';

import type { Instant } from '../lease.ts';
import type { Presence } from '../project.ts';

/** Anything that is JSON. */
export type Json =
  string | number | boolean | null | readonly Json[] | { readonly [name: string]: Json };

/** `POST /rooms/:room/join`: the session enters the room, or says something else of itself there. */
export interface JoinRequest {
  readonly sessionId: string;
  /** What others in the room are to know of this session: a page, a cursor. At most 256 bytes as JSON. */
  readonly meta?: Json | undefined;
}

/** `POST /rooms/:room/leave` */
export interface RoomLeaveRequest {
  readonly sessionId: string;
}

/** `POST /rooms/:room/typing`, by a session that is in the room. */
export interface TypingRequest {
  readonly sessionId: string;
  /** True is repeated while it lasts, at least each `typingMs`; false once what was typed is sent or dropped. */
  readonly state: boolean;
}

/** A member of a room: how they are, and what their sessions say of themselves there. */
export interface RoomMember extends Presence {
  /** Of each session that says something. */
  readonly meta?: readonly Json[];
}

/** Who is typing, and until when if they say no more. */
export interface Typist {
  readonly userId: string;
  readonly until: Instant;
}

/** `GET /rooms/:room`: a page of those who are in the room and not offline, by user id. */
export interface RoomAnswer {
  readonly room: string;
  readonly members: readonly RoomMember[];
  /** Of the whole room. */
  readonly count: number;
  readonly typing: readonly Typist[];
  readonly asOf: Instant;
  /** Give it back as `cursor` for the next page; absent on the last. */
  readonly nextCursor?: string;
}

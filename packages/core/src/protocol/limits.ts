import { COMPACT_ROWS, FULL_ROWS } from '../room-mode.ts';
import { META_BYTES, MOST_ROOMS } from '../rooms.ts';

/** Spoken by both sides; a `hello` of another number is refused. */
export const PROTOCOL_VERSION = 1;

/** Bounds of what travels. Refused beyond, never cut. */
export const LIMITS = Object.freeze({
  /** Characters of a user, session, room or watch id. */
  idLength: 128,
  messageLength: 140,
  emojiLength: 32,
  deviceLength: 32,
  tokenLength: 2048,
  /** Bytes of a JSON body, and of a socket frame. */
  bodyBytes: 8 * 1024,
  /** Bytes of the body of `/users/query`. */
  queryBytes: 64 * 1024,
  /** Bytes of the bodies of `/stream` and `/stream/frames`, and how many frames they hold. */
  streamBytes: 64 * 1024,
  streamFrames: 20,
  /** Nesting of a body or frame. */
  depth: 8,
  queryUsers: 500,
  /** Users of one watch, and watches of one connection. */
  watchUsers: 1000,
  watches: 20,
  /** Rooms of one session. */
  sessionRooms: MOST_ROOMS,
  /** Bytes of what a session says of itself in a room, as JSON. */
  metaBytes: META_BYTES,
  /** Members of a room up to whom each is told in full, and up to whom as a compact row; beyond, their number. */
  roomFullRows: FULL_ROWS,
  roomCompactRows: COMPACT_ROWS,
  /** Rows of a page of `/online`. */
  pageSize: 500,
  /** Characters of a search in the directory, and of the name of a sort. */
  searchLength: 100,
  sortLength: 32,
  /** Lines of a page of an export. */
  exportSize: 5000,
  /** Days of a question about when somebody is online. */
  insightDays: 366,
  /** The longest claim: a year. Longer ones are released by hand. */
  claimMs: 366 * 24 * 3_600_000,
  /** The longest idle time that a client may report: a year. */
  idleMs: 366 * 24 * 3_600_000,
});

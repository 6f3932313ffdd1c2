import type {
  ConnectionState,
  IdleState,
  MyPresence,
  OnlineUsers,
  RoomState,
  UserPresence,
} from './types.ts';

// What is shown before anybody was asked: by a client that was not started, and by a server that renders a page,
// whose browser must begin with the same.

const NONE: readonly never[] = Object.freeze([]);

/** Somebody of whom nothing is known. */
export const unknownUser = (userId: string): UserPresence =>
  Object.freeze({
    userId,
    status: 'unknown',
    since: null,
    lastSeenAt: null,
    lastActiveAt: null,
    message: null,
    emoji: null,
    devices: NONE,
    version: 0,
    asOf: null,
  });

/** The signed-in user, of whom nothing is known. */
export const unknownMe = (userId: string): MyPresence =>
  Object.freeze({
    ...unknownUser(userId),
    claims: NONE,
    visibility: 'visible',
    account: 'active',
  });

/** A list that was not asked for. */
export const UNKNOWN_ONLINE: OnlineUsers = Object.freeze({
  users: NONE,
  byStatus: Object.freeze({ online: 0, away: 0, busy: 0, dnd: 0, offline: 0 }),
  count: 0,
  synced: false,
});

/** A room of which nothing was heard. */
export const UNKNOWN_ROOM: RoomState = Object.freeze({
  members: NONE,
  count: 0,
  mode: 'full',
  typing: NONE,
  synced: false,
});

/** A client before its `start()`. */
export const NOT_STARTED: ConnectionState = Object.freeze({
  status: 'idle',
  transport: null,
  role: null,
  error: null,
});

/** Nobody was seen to be idle. */
export const NOT_IDLE: IdleState = Object.freeze({ idle: false, since: 0 });

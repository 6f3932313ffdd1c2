import type { ConnectionState, IdleState, MyPresence, OnlineUsers } from '@presence/client';
import type { UserPresence } from '@presence/client';

// What the server renders, and the browser while it takes over the server's page: nobody has been
// asked yet, so both say the same.

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

export const UNKNOWN_ME: MyPresence = Object.freeze({
  ...unknownUser(''),
  claims: NONE,
  visibility: 'visible',
  account: 'active',
});

export const UNKNOWN_ONLINE: OnlineUsers = Object.freeze({
  users: NONE,
  byStatus: Object.freeze({ online: 0, away: 0, busy: 0, dnd: 0, offline: 0 }),
  count: 0,
  synced: false,
});

export const NOT_STARTED: ConnectionState = Object.freeze({
  status: 'idle',
  transport: null,
  role: null,
  error: null,
});

export const NOT_IDLE: IdleState = Object.freeze({ idle: false, since: 0 });

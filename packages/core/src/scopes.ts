import type { LeaseId } from './lease.ts';
import { isSharedLease } from './lease.ts';
import type { PresenceRecord } from './record.ts';
import { isMember, roomsOfUser } from './rooms.ts';
import type { Status } from './status.ts';

/** The list of everybody in a tenant, by public status. */
export const TENANT_SCOPE = 't';

const ROOM_PREFIX = 'r:';

/** The list of the members of a room, by public status. */
export const roomScope = (room: string): string => ROOM_PREFIX + room;

/** Hidden users by what they truly are: admins' lists correct the tenant's with it. */
export const hiddenScope = (status: Status): string => `h:${status}`;

const TENANT_ONLY: readonly string[] = Object.freeze([TENANT_SCOPE]);

/** The lists that a record stands in. Others do not see in which rooms somebody is who hides. */
export const scopesOf = (record: PresenceRecord): readonly string[] => {
  if (record.visibility === 'hidden') return [TENANT_SCOPE, hiddenScope(record.own.status)];
  const rooms = roomsOfUser(record);
  return rooms.length === 0 ? TENANT_ONLY : [TENANT_SCOPE, ...rooms.map(roomScope)];
};

/**
 * Whether a record that a list's index had still belongs there, once settled. Of a room a user is no
 * member any more when the session that was in it has ended; the other lists go by status alone.
 */
export const staysIn = (scope: string, record: PresenceRecord): boolean =>
  !scope.startsWith(ROOM_PREFIX) || isMember(record, scope.slice(ROOM_PREFIX.length));

/**
 * The one shared lease whose end takes the user offline by itself, so that a dead node's users are
 * counted offline without reading one record; `''` where something else would have to be judged.
 */
export const soloLease = (record: PresenceRecord): LeaseId | '' => {
  const lease = record.sessions[0]?.lease;
  if (lease === undefined || !isSharedLease(lease) || record.own.status === 'offline') return '';
  // A hidden user reads offline either way, and stands in a list by what they truly are.
  if (record.visibility === 'hidden') return '';
  if (record.claims.some(({ holdsAbsent }) => holdsAbsent)) return '';
  return record.sessions.every((session) => session.lease === lease) ? lease : '';
};

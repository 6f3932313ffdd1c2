import type { LeaseId } from './lease.ts';
import { isSharedLease } from './lease.ts';
import type { PresenceRecord } from './record.ts';
import type { Status } from './status.ts';

/** The list of everybody in a tenant, by public status. */
export const TENANT_SCOPE = 't';

/** The list of the members of a room, by public status. */
export const roomScope = (room: string): string => `r:${room}`;

/** Hidden users by what they truly are: admins' lists correct the tenant's with it. */
export const hiddenScope = (status: Status): string => `h:${status}`;

const TENANT_ONLY: readonly string[] = Object.freeze([TENANT_SCOPE]);

/** The lists that a record stands in. */
export const scopesOf = (record: PresenceRecord): readonly string[] =>
  record.visibility === 'hidden' ? [TENANT_SCOPE, hiddenScope(record.own.status)] : TENANT_ONLY;

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

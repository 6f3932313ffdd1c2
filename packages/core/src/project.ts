import type { Instant } from './lease.ts';
import { withPrecision, type LastSeenPrecision } from './precision.ts';
import type { PresenceRecord, View } from './record.ts';
import { UNSEEN } from './record.ts';
import type { Status } from './status.ts';

/** What a viewer may see: `public`, or `true` for the user's own view and admins. */
export type Projection = 'public' | 'true';

/** One user's presence as it travels. Absent optional fields mean "none". */
export interface Presence {
  readonly userId: string;
  readonly status: Status;
  /** When this status began; `null` for someone who was never seen. */
  readonly since: Instant | null;
  /** `null` while not offline, and for someone who was never seen. */
  readonly lastSeenAt: Instant | null;
  /** Last input; only while offline, or away for lack of input. */
  readonly lastActiveAt?: Instant;
  readonly message?: string;
  readonly emoji?: string;
  readonly devices?: readonly string[];
  /**
   * Grows with each change of what is shown here; equal versions mean equal content, unless the policy
   * has a coarser {@link Policy.lastSeenPrecision} than `exact`.
   */
  readonly version: number;
}

/** A row of a tenant's or big room's watch: `[userId, status, version]`, 40 bytes instead of 104. */
export type CompactRow = readonly [userId: string, status: Status, version: number];

/** Fields of a presence that most have none of. */
export type RowDetails = Pick<Presence, 'lastActiveAt' | 'message' | 'emoji' | 'devices'>;

/**
 * The whole of a presence as a row of a watch: as a compact one, and what that leaves out. 54 bytes
 * instead of 104 for most users, and names of fields only where there are details.
 */
export type FullRow = readonly [
  ...CompactRow,
  since: Instant | null,
  lastSeenAt: Instant | null,
  details?: RowDetails,
];

/** The view of a record that a projection shows. */
export const viewOf = (record: PresenceRecord | null, projection: Projection): View =>
  record === null ? UNSEEN : projection === 'true' ? record.own : record.public;

/**
 * The one way from a record to an output; nothing else of a record may leave.
 *
 * @param precision of the policy, for what goes to others; nobody is told less of themselves
 */
export const project = (
  userId: string,
  record: PresenceRecord | null,
  projection: Projection,
  precision: LastSeenPrecision = 'exact',
): Presence => {
  const view = viewOf(record, projection);
  const presence: Presence = {
    userId,
    status: view.status,
    since: view.since,
    lastSeenAt: view.lastSeenAt,
    ...(view.lastActiveAt !== null && { lastActiveAt: view.lastActiveAt }),
    ...(view.message !== null && { message: view.message }),
    ...(view.emoji !== null && { emoji: view.emoji }),
    ...(view.devices.length > 0 && { devices: view.devices }),
    version: view.version,
  };
  return projection === 'true' ? presence : withPrecision(presence, precision);
};

/** The row of a presence for watches of a tenant or a big room. */
export const compactRow = (presence: Presence): CompactRow => [
  presence.userId,
  presence.status,
  presence.version,
];

/** The row of a presence for watches of users. */
export const fullRow = (presence: Presence): FullRow => {
  const { userId, status, version, since, lastSeenAt, ...details } = presence;
  const row = [userId, status, version, since, lastSeenAt] as const;
  return Object.keys(details).length > 0 ? [...row, details] : row;
};

/** The presence of a full row. */
export const presenceOf = ([
  userId,
  status,
  version,
  since,
  lastSeenAt,
  details,
]: FullRow): Presence => ({ userId, status, version, since, lastSeenAt, ...details });

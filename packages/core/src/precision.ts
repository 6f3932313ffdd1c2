import type { Instant } from './lease.ts';
import type { Presence } from './project.ts';

/** How exactly others are told when somebody was there last. */
export type LastSeenPrecision = 'exact' | 'minutes' | 'day' | 'hidden';

/** All of {@link LastSeenPrecision}, the most telling first. */
export const LAST_SEEN_PRECISIONS: readonly LastSeenPrecision[] = [
  'exact',
  'minutes',
  'day',
  'hidden',
];

const UNIT_MS = { minutes: 60_000, day: 86_400_000 } as const;

/** The beginning of the minute or of the day in UTC; `null` where nothing may be told. */
const coarse = (at: Instant | null, precision: LastSeenPrecision): Instant | null => {
  if (at === null || precision === 'hidden') return null;
  return precision === 'exact' ? at : at - (at % UNIT_MS[precision]);
};

/**
 * The version as others may know it. A version is the instant of its change, so that the exact one would
 * tell what the instants beside it do not. Among equal ones the later reading is the newer, by the
 * `asOf` that it comes with. Someone never seen stays 0, and nobody else becomes it.
 */
export const toldVersion = (version: number, precision: LastSeenPrecision): number =>
  version <= 0 || precision === 'exact' ? version : (coarse(version, precision) ?? 0) || 1;

/** Who is away for lack of input, or not there, was last seen at some time; all others are seen now. */
const isSeenNow = ({ status, lastActiveAt }: Presence): boolean =>
  status !== 'offline' && lastActiveAt === undefined;

/** A presence with no more about when the user was there last than the precision permits. */
export const withPrecision = (presence: Presence, precision: LastSeenPrecision): Presence => {
  if (precision === 'exact') return presence;
  const { lastActiveAt, ...rest } = presence;
  const activeAt = coarse(lastActiveAt ?? null, precision);
  return {
    ...rest,
    since: isSeenNow(presence) ? rest.since : coarse(rest.since, precision),
    lastSeenAt: coarse(rest.lastSeenAt, precision),
    ...(activeAt !== null && { lastActiveAt: activeAt }),
    version: toldVersion(rest.version, precision),
  };
};

/** When a record is deleted that was kept until an instant: at a round one, which says no more of when it was written last. */
export const roundedUp = (at: Instant, precision: LastSeenPrecision): Instant => {
  if (precision === 'exact') return at;
  const unit = UNIT_MS[precision === 'minutes' ? 'minutes' : 'day'];
  return Math.ceil(at / unit) * unit;
};

export { apply } from './apply/apply.ts';
export { refusedLogin } from './apply/context.ts';
export type { Applied } from './apply/apply.ts';
export { WRITE_VALID_MS } from './apply/write-of.ts';
export type { Cancel, Clock, Random } from './clock.ts';
export { lastingFrom } from './claim-end.ts';
export type * from './commands.ts';
export { declares, hasDeclared } from './declared-facts.ts';
export { derive, priorityOf, winningClaim } from './derive.ts';
export type { DecidedBy, Decision, Facts } from './derive.ts';
export { ERRORS, errorBody, PresenceError, isPresenceError, kindOf } from './errors.ts';
export type { ErrorBody, ErrorCode, ErrorKind } from './errors.ts';
export { explain, inWords } from './explain.ts';
export type { ExplainedClaim, ExplainedSession, Explanation } from './explain.ts';
export { daysOf, hoursOf, isTimeZone } from './history/calendar.ts';
export type { Day, Hour } from './history/calendar.ts';
export { createPeakCounter, peakOf } from './history/peak.ts';
export type { DayPeak, Peak, PeakCounter, UserStep } from './history/peak.ts';
export { spansOf } from './history/spans.ts';
export type { Range, StatusSpan } from './history/spans.ts';
export { timeOnline } from './history/time-online.ts';
export type { DayOnline } from './history/time-online.ts';
export { usualHours } from './history/usual-hours.ts';
export type { HourRange, UsualHours } from './history/usual-hours.ts';
export { isLive, isSharedLease, nodeLease, ownLease } from './lease.ts';
export type { Instant, Lease, LeaseId, Leases } from './lease.ts';
export {
  DEFAULT_POLICY,
  leaseForMs,
  promisedBeatMs,
  resolvePolicy,
  staleAfterMs,
} from './policy.ts';
export type { Grace, Policy, PolicyOptions } from './policy.ts';
export { toldVersion, withPrecision } from './precision.ts';
export type { LastSeenPrecision } from './precision.ts';
export { compactRow, fullRow, presenceOf, project, viewOf } from './project.ts';
export type { CompactRow, FullRow, Presence, Projection, RowDetails } from './project.ts';
export { emptyRecord, TOUCH_SESSION, UNSEEN } from './record.ts';
export type {
  Cause,
  Claim,
  Key,
  Loaded,
  PresenceRecord,
  Session,
  SpentTicket,
  Step,
  View,
} from './record.ts';
export { restore } from './restore.ts';
export { roomModeFor } from './room-mode.ts';
export { roomRows } from './room-rows.ts';
export {
  fitsMeta,
  isInRoom,
  isMember,
  metasIn,
  roomsOf,
  roomsWith,
  roomsWithout,
} from './rooms.ts';
export type { RoomStay } from './rooms.ts';
export { hiddenScope, roomScope, scopesOf, staysIn, TENANT_SCOPE } from './scopes.ts';
export { nextChangeAt, settle } from './settle.ts';
export type { Settled } from './settle.ts';
export { ACCOUNTS, CLAIMABLE_STATUSES, isBlocked, STATUSES } from './status.ts';
export type { Account, ClaimableStatus, Status, Visibility } from './status.ts';
export type { Write } from './write.ts';

import type { Property } from '../stage.ts';
import { lostLinks } from './l1-lost-links.ts';
import { grace } from './l2-grace.ts';
import { agreement } from './l4-agreement.ts';
import { everybodyBack } from './l7-everybody-back.ts';
import { noFlicker } from './rooms/l2-no-flicker.ts';
import { roomAgreement } from './rooms/l4-agreement.ts';
import { members } from './rooms/s01-members.ts';
import { roomsInOrder } from './rooms/s05-no-time-travel.ts';
import { roomsJoinWithoutLoss } from './rooms/s07-join-without-loss.ts';
import { roomCounts } from './rooms/s13-counts.ts';
import { roomStrangers, roomTenants } from './rooms/s15-s17-strangers.ts';
import { unsyncedWhenStale } from './rooms/s18-unsynced.ts';
import { typing } from './rooms/typing.ts';
import { readExactness } from './s01-read-exactness.ts';
import { leaseValidity } from './s02-lease-validity.ts';
import { oneTransition } from './s03-one-transition.ts';
import { versions } from './s04-versions.ts';
import { noTimeTravel } from './s05-no-time-travel.ts';
import { noDuplicateNotice } from './s06-no-duplicate-notice.ts';
import { joinWithoutLoss } from './s07-join-without-loss.ts';
import { claimsHold } from './s08-claims-hold.ts';
import { blocked } from './s11-blocked.ts';
import { fencing } from './s12-fencing.ts';
import { counts } from './s13-counts.ts';
import { paging } from './s14-paging.ts';
import { tenants } from './s15-tenants.ts';
import { lastSeen } from './s16-last-seen.ts';
import { hidden } from './s17-hidden.ts';
import { unknownWhenStale } from './s18-unknown.ts';
import { bounds } from './s20-bounds.ts';

/** Everything that is checked, in the order of the guarantees. Paging moves time, so it comes last. */
export const PROPERTIES: readonly Property[] = [
  readExactness,
  leaseValidity,
  oneTransition,
  versions,
  noTimeTravel,
  noDuplicateNotice,
  joinWithoutLoss,
  claimsHold,
  blocked,
  fencing,
  counts,
  tenants,
  lastSeen,
  hidden,
  unknownWhenStale,
  bounds,
  lostLinks,
  grace,
  agreement,
  everybodyBack,
  members,
  typing,
  roomsInOrder,
  roomsJoinWithoutLoss,
  roomCounts,
  roomTenants,
  roomStrangers,
  unsyncedWhenStale,
  noFlicker,
  roomAgreement,
  paging,
];

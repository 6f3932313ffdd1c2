import type { Instant, LeaseId } from './lease.ts';
import type { RoomStay } from './rooms.ts';
import type { Account, Status, Visibility } from './status.ts';

/** Whose presence: the principal named by the application, within its isolation boundary. */
export interface Key {
  readonly tenant: string;
  readonly userId: string;
}

/** One browser profile, app install or lone tab of a user. It survives reconnects. */
export interface Session {
  /** Issued by the server; 1 to 128 characters. */
  readonly id: string;
  readonly lease: LeaseId;
  /** Grows each time a connection opens the session; commands of older connections are dropped. */
  readonly generation: number;
  /** The highest sequence number of an HTTP beat that was committed; older beats are dropped. */
  readonly seq: number;
  /** `null` while active, else the instant of the last activity. */
  readonly idleSince: Instant | null;
  /** What the application calls the device ("web", "mobile", …), if anything. */
  readonly device: string | null;
  readonly openedAt: Instant;
  /** The end of the grace after an HTTP leave; `null` while nobody left. */
  readonly endsAt: Instant | null;
  /** The rooms that it is in; absent where it is in none. They end with it. */
  readonly rooms?: readonly RoomStay[];
}

/** The id of the session of requests without a client. It yields to every real one. */
export const TOUCH_SESSION = 'touch';

/** A declared status. When the winner ends, the next one shows again. */
export interface Claim {
  /** Who declares: `user`, `admin`, `calendar`, `call`, or any id of the application's. One claim each. */
  readonly source: string;
  readonly status: Status;
  readonly priority: number;
  readonly message: string | null;
  readonly emoji: string | null;
  /** When it ends by itself; `null`: when it is released. */
  readonly until: Instant | null;
  readonly setAt: Instant;
  /** Shows even when no session lives. Only `admin` claims may. */
  readonly holdsAbsent: boolean;
}

/** One projection of a record as it was when its content last changed. Equal version, equal content. */
export interface View {
  readonly version: number;
  readonly status: Status;
  /** When this status began; `null` for someone who was never seen. */
  readonly since: Instant | null;
  /** `null` while not offline, and for someone who was never seen. */
  readonly lastSeenAt: Instant | null;
  /** Last input of the user; only while offline, or away for lack of input. */
  readonly lastActiveAt: Instant | null;
  readonly message: string | null;
  readonly emoji: string | null;
  readonly devices: readonly string[];
}

/** Why a view changed. */
export type Cause =
  | 'opened'
  | 'touched'
  | 'activity'
  | 'idle-too-long'
  | 'lease-ended'
  | 'link-lost'
  | 'page-closed'
  | 'signed-out'
  | 'replaced'
  | 'claimed'
  | 'released'
  | 'claim-ended'
  | 'hidden'
  | 'visible'
  | 'account';

/** One transition, whoever noticed it. */
export interface Step {
  readonly revision: number;
  readonly version: number;
  readonly status: Status;
  readonly at: Instant;
  readonly cause: Cause;
}

/** A one-time ticket that a session was opened with, kept until it could not be used anyway. */
export interface SpentTicket {
  readonly id: string;
  readonly until: Instant;
}

/** Everything that is stored of one user. Immutable; commands and time give a new one. */
export interface PresenceRecord {
  readonly userId: string;
  /** Private. Grows with each commit: compare-and-set, `If-Match`. */
  readonly revision: number;
  /** The last instant up to which time and commands were taken into account. */
  readonly updatedAt: Instant;
  /** When the user last stopped being present; `null` before the first time. */
  readonly seenAt: Instant | null;
  /** The user's last known input; `null` before the first. */
  readonly activeAt: Instant | null;
  readonly sessions: readonly Session[];
  readonly claims: readonly Claim[];
  readonly visibility: Visibility;
  readonly account: Account;
  /** Principals issued before this instant are refused; `null`: none are. */
  readonly signedOutAt: Instant | null;
  readonly spent: readonly SpentTicket[];
  /** What other users see. Frozen while hidden. */
  readonly public: View;
  /** What the user and admins see. The same object as `public` unless they differ. */
  readonly own: View;
  /** The last five transitions, oldest first. */
  readonly steps: readonly Step[];
}

/** What a store gave of one user at one instant. */
export interface Loaded {
  readonly key: Key;
  readonly record: PresenceRecord | null;
  readonly leases: ReadonlyMap<LeaseId, Instant>;
}

/** How many transitions a record keeps for {@link explain}. */
export const KEPT_STEPS = 5;

const NOTHING: readonly never[] = Object.freeze([]);

/** Someone who was never seen. */
export const UNSEEN: View = Object.freeze({
  version: 0,
  status: 'offline',
  since: null,
  lastSeenAt: null,
  lastActiveAt: null,
  message: null,
  emoji: null,
  devices: NOTHING,
});

/** The record that a first command starts from. Revision 0: not stored. */
export const emptyRecord = (userId: string): PresenceRecord => ({
  userId,
  revision: 0,
  updatedAt: 0,
  seenAt: null,
  activeAt: null,
  sessions: NOTHING,
  claims: NOTHING,
  visibility: 'visible',
  account: 'active',
  signedOutAt: null,
  spent: NOTHING,
  public: UNSEEN,
  own: UNSEEN,
  steps: NOTHING,
});

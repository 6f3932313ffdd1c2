import type { Instant, LeaseId } from './lease.ts';
import type { Cause } from './record.ts';
import type { RoomStay } from './rooms.ts';
import type { Account, Status, Visibility } from './status.ts';

/** The principal's login, as far as the rules judge it. */
export interface Login {
  /** When the login was issued; without it a sign-out everywhere cannot be checked against it. */
  readonly issuedAt?: Instant | undefined;
}

/** Of a command that is meant for a user as its sender saw them. */
export interface Conditional {
  /** Refused with `precondition_failed` unless the settled record still has it; 0: nothing is stored. */
  readonly ifRevision?: number | undefined;
}

/** What a connection says of the user's input: `null` while active, else for how long there was none. */
export interface Observed {
  readonly idleMs: number | null;
}

/** A connection takes a session, new or resumed. */
export interface Open extends Login, Observed {
  readonly type: 'open';
  readonly sessionId: string;
  /** True: the session must live. An unknown id never creates one. */
  readonly resume: boolean;
  /** A socket's session hangs on its node's lease; an HTTP session gets one of its own. */
  readonly lease: { readonly shared: LeaseId } | { readonly ownForMs: number };
  readonly device: string | null;
  /** Sequence number of the opening beat; 0 for sockets. */
  readonly seq?: number;
  /** The one-time ticket that this commit spends, and for how long it might still be shown again. */
  readonly ticket?: { readonly id: string; readonly forMs: number } | undefined;
  /** The only rooms that a resumed session stays in; absent: all that it was in. */
  readonly allowedRooms?: readonly string[] | undefined;
}

/** An HTTP heartbeat of an open session. */
export interface Beat extends Login, Observed {
  readonly type: 'beat';
  readonly sessionId: string;
  /** The connection that beats; absent where the client does not say. One that was replaced is refused. */
  readonly generation?: number | undefined;
  /** `null`: the client does not number its beats. */
  readonly seq: number | null;
  readonly forMs: number;
}

/** A socket says that input started or stopped. */
export interface Activity extends Observed {
  readonly type: 'activity';
  readonly sessionId: string;
  readonly generation: number;
}

/** A connection is gone for good, or for good after a grace. */
export interface Leave {
  readonly type: 'leave';
  readonly sessionId: string;
  /** `null`: whichever connection holds the session now. */
  readonly generation: number | null;
  /** 0 ends the session now; otherwise the store's deadline does. */
  readonly graceMs: number;
  readonly cause: Extract<Cause, 'link-lost' | 'page-closed' | 'signed-out' | 'replaced'>;
}

/** Of a session that its sender holds. */
interface OfSession extends Login {
  readonly sessionId: string;
  /** The connection that says it; absent where the client does not say. One that was replaced is refused. */
  readonly generation?: number | undefined;
  readonly room: string;
}

/** A session enters a room, or says something else of itself there. */
export interface JoinRoom extends OfSession {
  readonly type: 'join-room';
  /** JSON; `null`: nothing. */
  readonly meta: string | null;
}

/** A session goes out of a room. */
export interface LeaveRoom extends OfSession {
  readonly type: 'leave-room';
}

/** A node puts a session whose socket it holds on a lease that lives, after it or the store lost the former. */
export interface Reattach extends Login {
  readonly type: 'reattach';
  readonly sessionId: string;
  readonly generation: number;
  readonly lease: LeaseId;
  readonly idleMs: number | null;
  readonly device: string | null;
  readonly openedAt: Instant;
  /** The rooms that the node knows the session to be in, for a store that lost it. */
  readonly rooms?: readonly RoomStay[] | undefined;
}

/** An authenticated request of an application without a presence client. */
export interface Touch extends Login {
  readonly type: 'touch';
}

/** Declares a status for a source; replaces the claim which that source had. */
export interface SetClaim extends Login, Conditional {
  readonly type: 'claim';
  readonly source: string;
  readonly status: Status;
  readonly message?: string | null | undefined;
  readonly emoji?: string | null | undefined;
  /** Ends so long after the commit. At most one of `forMs` and `until`. */
  readonly forMs?: number | undefined;
  readonly until?: Instant | undefined;
  readonly holdsAbsent?: boolean | undefined;
}

/** Takes back the claim of a source. */
export interface ReleaseClaim extends Login, Conditional {
  readonly type: 'release';
  readonly source: string;
}

/** Hides the user from others, or shows them again; refused where the policy forbids hiding. */
export interface SetVisibility extends Login {
  readonly type: 'visibility';
  readonly visibility: Visibility;
}

/** Blocks the account, which ends every session, or makes it active again. */
export interface SetAccount extends Conditional {
  readonly type: 'account';
  readonly account: Account;
}

/** Ends one session, or all of them and every login issued so far. */
export interface SignOut extends Conditional {
  readonly type: 'sign-out';
  readonly sessionId?: string | undefined;
}

/** Deletes everything that is known of the user. */
export interface Forget {
  readonly type: 'forget';
}

/** Takes the last transitions out of the record, and changes nothing else: what is kept of them elsewhere is erased beside it. */
export interface EraseHistory {
  readonly type: 'erase-history';
}

/** Commits what time alone has changed: the reaper's command. */
export interface Settle {
  readonly type: 'settle';
}

/** Everything that can be asked of one user's record. */
export type Command =
  | Open
  | Beat
  | Activity
  | Leave
  | JoinRoom
  | LeaveRoom
  | Reattach
  | Touch
  | SetClaim
  | ReleaseClaim
  | SetVisibility
  | SetAccount
  | SignOut
  | Forget
  | EraseHistory
  | Settle;

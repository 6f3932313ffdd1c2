import type { ErrorCode } from '../errors.ts';
import type { Instant } from '../lease.ts';
import type { CompactRow, FullRow, Presence } from '../project.ts';
import type {
  JoinFrame,
  LeaveFrame,
  RoomChangesFrame,
  RoomSnapshotFrame,
  TypingFrame,
  TypistFrame,
} from './room-frames.ts';
import type { Account, ClaimableStatus, Status, Visibility } from '../status.ts';

/** A claim as its owner and admins see it. */
export interface WireClaim {
  readonly source: string;
  readonly status: Status;
  readonly message?: string;
  readonly emoji?: string;
  readonly until?: Instant;
}

/** A user's view of themselves. Its `presence` has versions of its own: keep it apart from watched rows. */
export interface Me {
  readonly presence: Presence;
  readonly claims: readonly WireClaim[];
  readonly visibility: Visibility;
  readonly account: Account;
}

/** The part of the policy that a client acts on. Durations in milliseconds. */
export interface ClientPolicy {
  readonly awayAfterMs: number;
  readonly offlineAfterIdleMs: number;
  readonly heartbeatMs: number;
  readonly hiddenHeartbeatMs: number;
  readonly pingMs: number;
  readonly pongTimeoutMs: number;
  /** Rows not confirmed for so long are shown as `unknown`. */
  readonly staleAfterMs: number;
}

/** `PUT /me/status`: the claim of the source `user`. `DELETE` releases it. */
export interface StatusChange {
  readonly status: ClaimableStatus;
  readonly message?: string | undefined;
  readonly emoji?: string | undefined;
  /** Ends so long after it was stored; without it, when it is released. */
  readonly forMs?: number | undefined;
}

/** `POST /heartbeat` */
export interface HeartbeatRequest {
  /** Without it a session is created; an unknown one is 409 `session_gone`. */
  readonly sessionId?: string | undefined;
  /** 0 or absent opens (or resumes) the session; then 1, 2, … Older beats are dropped. */
  readonly seq?: number | undefined;
  /** The connection, as the answer that opened it said. A beat of an earlier one is refused. */
  readonly generation?: number | undefined;
  /** Default `active`. */
  readonly activity?: 'active' | 'idle' | undefined;
  /** With `idle`: for how long there was no input. */
  readonly idleMs?: number | undefined;
  /** The page is hidden: the promised next beat is `hiddenHeartbeatMs`. */
  readonly hidden?: boolean | undefined;
  readonly device?: string | undefined;
}

/** The answer to `POST /heartbeat`: who the user is to themselves, and when to beat next. */
export interface HeartbeatResponse {
  readonly sessionId: string;
  readonly userId: string;
  readonly status: Status;
  readonly version: number;
  readonly nextBeatMs: number;
  readonly leaseMs: number;
  readonly asOf: Instant;
  /** On the beat that opened the session: the number of this connection, for the beats that follow. */
  readonly generation?: number;
  /** On the beat that opened the session. */
  readonly leaveToken?: string;
  /** On the beat that opened the session. */
  readonly policy?: ClientPolicy;
}

/** `POST /leave`; with a leave token it needs no login, so that `sendBeacon` can carry it. */
export interface LeaveRequest {
  readonly sessionId: string;
  readonly leaveToken?: string | undefined;
  readonly reason: 'closed' | 'signed-out';
}

/** `POST /users/query`: at most 500 users. */
export interface UsersQuery {
  readonly userIds: readonly string[];
}

/** Presences of those asked for; older than `staleAfterMs` they read as `unknown`. */
export interface UsersAnswer {
  readonly presences: readonly Presence[];
  readonly asOf: Instant;
  readonly staleAfterMs: number;
}

/** `GET /online`: a page of those who are not offline, by user id. */
export interface OnlineAnswer {
  readonly presences: readonly Presence[];
  readonly asOf: Instant;
  /** Give it back as `cursor` for the next page; absent on the last. */
  readonly nextCursor?: string;
}

/** `GET /online/count` */
export interface CountAnswer {
  /** Everybody who is not offline. */
  readonly count: number;
  readonly byStatus: Readonly<Record<Status, number>>;
  readonly asOf: Instant;
}

/** `POST /ticket`: good for one `hello` within `expiresInMs`. */
export interface TicketAnswer {
  readonly ticket: string;
  readonly expiresInMs: number;
}

export interface WithRef {
  /** Echoed by the `ack` or `error` that answers. */
  readonly ref?: number | undefined;
}

/** The first frame of a socket: logs in with a ticket. */
export interface HelloFrame extends WithRef {
  readonly type: 'hello';
  readonly protocol: number;
  readonly ticket: string;
  /** Resumes; unknown ids close with 4409. */
  readonly sessionId?: string | undefined;
  readonly device?: string | undefined;
  /** For how long there was no input; absent while active. */
  readonly idleMs?: number | undefined;
}

/** Input started or stopped; with `idle`, `idleMs` says for how long there was none. */
export interface ActivityFrame extends WithRef {
  readonly type: 'activity';
  readonly state: 'active' | 'idle';
  readonly idleMs?: number | undefined;
}

/** Declares or releases the claim of the source `user`. */
export interface StatusFrame extends WithRef {
  readonly type: 'status';
  /** `null` releases the claim. */
  readonly status: ClaimableStatus | null;
  readonly message?: string | undefined;
  readonly emoji?: string | undefined;
  readonly forMs?: number | undefined;
}

/** Hides the user from others, or shows them again. */
export interface VisibilityFrame extends WithRef {
  readonly type: 'visibility';
  readonly visibility: Visibility;
}

/** Everybody in the tenant, as compact rows; a room; or a set of users that `add` and `remove` change. */
export interface WatchFrame extends WithRef {
  readonly type: 'watch';
  readonly id: string;
  readonly tenant?: true | undefined;
  readonly room?: string | undefined;
  readonly add?: readonly string[] | undefined;
  readonly remove?: readonly string[] | undefined;
}

/** Ends a watch. */
export interface UnwatchFrame extends WithRef {
  readonly type: 'unwatch';
  readonly id: string;
}

/** The page closes, or the user signs out: the socket is not coming back by itself. */
export interface ByeFrame extends WithRef {
  readonly type: 'bye';
  readonly reason: 'closed' | 'signed-out';
}

/** What a client may send. */
export type ClientFrame =
  | HelloFrame
  | ActivityFrame
  | StatusFrame
  | VisibilityFrame
  | WatchFrame
  | UnwatchFrame
  | JoinFrame
  | LeaveFrame
  | TypingFrame
  | ByeFrame;

/** `POST /stream`: opens a stream by its `hello`; what is wanted at once may follow it. */
export interface StreamRequest {
  /** At most 20, each of the kind {@link ClientFrame}; judged one by one, as those of a socket are. */
  readonly frames: readonly unknown[];
}

/** `POST /stream/frames`: what the client of a stream says. The next one goes out when this one was taken. */
export interface StreamPost {
  /** What the stream was called by its first event. */
  readonly stream: string;
  /** 1, 2, … A number that was taken before changes nothing; one that is missing ends the stream. */
  readonly seq: number;
  readonly frames?: readonly unknown[] | undefined;
  /** What the stream's pings carried. */
  readonly pongs?: readonly string[] | undefined;
}

/** Answers `hello`. `leaveToken` ends this session without a login. */
export interface WelcomeFrame {
  readonly type: 'welcome';
  readonly sessionId: string;
  readonly userId: string;
  readonly policy: ClientPolicy;
  readonly leaveToken: string;
  readonly asOf: Instant;
}

/** The own view: after `welcome`, and on each change. */
export interface MeFrame extends Me {
  readonly type: 'me';
}

/** A full row in set watches, a compact one in tenant watches: both begin alike. */
export type Row = FullRow | CompactRow;

/**
 * All of a watch, or all of what an `add` added. Someone absent from a tenant's snapshot is offline
 * as of `asOf`.
 */
export interface SnapshotFrame {
  readonly type: 'snapshot';
  readonly watch: string;
  readonly room?: undefined;
  readonly presences: readonly Row[];
  readonly asOf: Instant;
  /** For a tenant's watch that spans several frames: more rows follow. */
  readonly more?: true;
}

/** The latest state of whoever changed. The same bytes for every watcher. */
export interface ChangesFrame {
  readonly type: 'changes';
  readonly room?: undefined;
  readonly presences: readonly Row[];
  readonly asOf: Instant;
}

/** The frame with this `ref` was done, and stored where it stores. */
export interface AckFrame {
  readonly type: 'ack';
  readonly ref: number;
}

/** A frame was refused; with `ref`, which one. `retryable`: the same may work later. */
export interface ErrorFrame {
  readonly type: 'error';
  readonly code: ErrorCode;
  readonly message: string;
  readonly retryable: boolean;
  readonly ref?: number;
}

/** Close, fetch a fresh ticket and come back after so long. */
export interface ReconnectFrame {
  readonly type: 'reconnect';
  readonly afterMs: number;
}

/** What a server may send. */
export type ServerFrame =
  | WelcomeFrame
  | MeFrame
  | SnapshotFrame
  | RoomSnapshotFrame
  | ChangesFrame
  | RoomChangesFrame
  | TypistFrame
  | AckFrame
  | ErrorFrame
  | ReconnectFrame;

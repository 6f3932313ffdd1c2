import type {
  Cancel,
  Clock,
  ErrorCode,
  Presence,
  PresenceError,
  Random,
  Status,
} from '@presence/core';
import type { ClaimableStatus, Instant, Visibility } from '@presence/core';
import type { Account } from '@presence/core';
import type { Json, RoomMode, WireClaim } from '@presence/core/protocol';
import type { Loaders } from './load.ts';

/** What a client shows: `unknown` while its data is too old to trust, never a false `offline`. */
export type ShownStatus = Status | 'unknown';

/** One watched user as the client knows them. Frozen; the same object until something visible changes. */
export interface UserPresence {
  readonly userId: string;
  readonly status: ShownStatus;
  /** When this status began; `null` when not known. */
  readonly since: Instant | null;
  /** `null` while not offline, and for someone who was never seen. */
  readonly lastSeenAt: Instant | null;
  readonly lastActiveAt: Instant | null;
  readonly message: string | null;
  readonly emoji: string | null;
  readonly devices: readonly string[];
  /** 0 until the first answer. */
  readonly version: number;
  /** When the server last confirmed this, on the server's clock; `null` before the first answer. */
  readonly asOf: Instant | null;
}

/** The signed-in user's own view. */
export interface MyPresence extends UserPresence {
  readonly claims: readonly WireClaim[];
  readonly visibility: Visibility;
  readonly account: Account;
}

export type ConnectionStatus =
  /** `start()` was not called yet. */
  | 'idle'
  | 'connecting'
  | 'connected'
  /** The link is lost; trying again. */
  | 'reconnecting'
  /** Stopped by `stop()`, sign-out, a blocked account or an error that trying again cannot mend. */
  | 'stopped';

export interface ConnectionState {
  readonly status: ConnectionStatus;
  /** What carries presence now. `tab`: another tab of this browser does. */
  readonly transport: 'websocket' | 'stream' | 'http' | 'tab' | null;
  readonly role: 'leader' | 'follower' | null;
  /** Why it is not connected, if it is not. */
  readonly error: { readonly code: ErrorCode | 'network'; readonly message: string } | null;
}

/** Everybody who is not offline, by compact rows, kept live while at least one tenant watch is held. */
export interface OnlineUsers {
  /** Sorted by user id. Rows carry status and version only; watch a user for details. */
  readonly users: readonly { readonly userId: string; readonly status: Status }[];
  readonly byStatus: Readonly<Record<Status, number>>;
  readonly count: number;
  /** False until the first snapshot and while the data is too old to trust. */
  readonly synced: boolean;
}

/** Somebody in a room. Of big rooms no more is known than who they are and their status. */
export interface RoomMember extends Partial<Presence> {
  readonly userId: string;
  readonly status: Status;
  readonly version: number;
  /** What their sessions say of themselves in the room, of each that says something; only where `mode` is `full`. */
  readonly meta?: readonly Json[];
}

/** A room as it is. Frozen; the same object until something in it changed. */
export interface RoomState {
  /** Sorted by user id, the own user among them. Empty where `mode` is `count`. */
  readonly members: readonly RoomMember[];
  readonly count: number;
  /**
   * How much is told: members in full up to 1,000 of them, who and how they are up to 20,000, then their number. Where
   * neither sockets nor streams get through, their number from 5,500 on, of all big rooms together.
   */
  readonly mode: RoomMode;
  /** Who types there, by user id; without the own user. */
  readonly typing: readonly string[];
  /** False until the first snapshot, and while the data is too old to trust. */
  readonly synced: boolean;
}

export interface JoinOptions {
  /**
   * What others in the room are to know of this session: a page, a cursor. Anything that is JSON, of at most 256 bytes; they
   * find it in `meta` of the member. Default: nothing.
   */
  readonly meta?: Json | undefined;
}

/** One room of the tenant. */
export interface Room {
  /**
   * In the room, and told of it, until the returned function is called. Reference-counted over all tabs.
   *
   * Of everything that the tabs of this browser say of themselves in the room, what was said last is told; once that is
   * left, what was said before it. To change it, join anew and then leave the join before. The server is told of a change
   * within a second, over HTTP within five.
   *
   * Never throws: a `meta` that is no JSON, or too large, is not told, and an `error` event says `invalid_request`.
   */
  join(options?: JoinOptions): Cancel;
  getSnapshot(): RoomState;
  /** Calls `listener` whenever the snapshot may have changed. */
  subscribe(listener: () => void): Cancel;
  /** Call it with each input: it is said now and then, and ends by itself after six seconds. */
  startTyping(): void;
  /** It was sent, or dropped. */
  stopTyping(): void;
}

/** Whether there was input lately, in any tab of this browser. */
export interface IdleState {
  readonly idle: boolean;
  /** On this machine's clock: the last input while idle, else when this spell of activity began. */
  readonly since: Instant;
}

export interface StatusOptions {
  readonly message?: string;
  readonly emoji?: string;
  /** Ends by itself after so long, in milliseconds. */
  readonly forMs?: number;
}

export interface PresenceClientEvents {
  /** A watched user's visible content changed. */
  presence: (presence: UserPresence) => void;
  me: (me: MyPresence) => void;
  online: (online: OnlineUsers) => void;
  connection: (connection: ConnectionState) => void;
  idle: (idle: IdleState) => void;
  /** Errors that no call's promise carries. */
  error: (error: PresenceError) => void;
}

/**
 * Keeps one user present and other users' presence known. Headless: no framework, no DOM beyond
 * what its activity source and tabs use.
 *
 * Every snapshot (`getX`) returns a frozen object that is identical until something visible in it
 * changed, as `useSyncExternalStore` wants it.
 */
export interface PresenceClient {
  /** Connects. Calling it again does nothing; after a sign-out it starts anew. */
  start(): void;
  /** Says goodbye and frees every timer, listener, lock and socket. It can be started again. */
  stop(): void;
  /**
   * Ends this session at once, for all tabs; each stays stopped until its `start()`. Never rejects:
   * where the server cannot be reached, the session ends with the server's grace.
   */
  signOut(): Promise<void>;

  getConnection(): ConnectionState;
  getPresence(userId: string): UserPresence;
  /** `status` is `unknown` before the first answer. */
  getMe(): MyPresence;
  getOnline(): OnlineUsers;
  getIdle(): IdleState;

  /** Watches users until the returned function is called. Reference-counted; one watch on the wire. */
  watch(userIds: readonly string[]): Cancel;
  /** Watches everybody who is not offline. Reference-counted. */
  watchOnline(): Cancel;

  /** A room, by its id of 1 to 128 characters. Nobody is in it before `join()`. */
  room(id: string): Room;

  setStatus(status: ClaimableStatus, options?: StatusOptions): Promise<void>;
  clearStatus(): Promise<void>;
  setVisibility(visibility: Visibility): Promise<void>;

  /** Calls `listener` whenever anything a snapshot shows may have changed. */
  subscribe(listener: () => void): Cancel;
  /** The same for one user only. */
  subscribeUser(userId: string, listener: () => void): Cancel;
  on<Name extends keyof PresenceClientEvents>(
    event: Name,
    listener: PresenceClientEvents[Name],
  ): Cancel;
}

/** Says when there is input. Pluggable: browsers, React Native's AppState, Electron, tests. */
export interface ActivitySource {
  /**
   * Calls `onInput` at most about once a second while there is input.
   *
   * @param clock the client's: what needs timers takes them from here, so that tests may move time
   */
  start(onInput: () => void, clock: Pick<Clock, 'now' | 'after'>): Cancel;
  /** Whether the page (or app) is hidden. */
  isHidden(): boolean;
  onVisibility(listener: () => void): Cancel;
}

/** One connection of a realtime transport, as the client drives it. */
export interface Link {
  send(text: string): void;
  close(code?: number, reason?: string): void;
}

export interface LinkEvents {
  open(): void;
  message(text: string): void;
  /** Once; `code` as in WebSocket, 1006 when the link just broke. */
  closed(code: number, reason: string): void;
}

/** Opens links. The default is the platform's WebSocket; tests pass a virtual one. */
export interface Transport {
  connect(url: string, events: LinkEvents): Link;
}

export interface PresenceClientOptions {
  /** Where presence is mounted, relative to the page or absolute: `/presence`. */
  readonly url: string;
  /** Who is signed in. Without it tabs are not shared and the session is kept in memory only. */
  readonly userId?: string;
  /** What to call this device ("web", "mobile"). */
  readonly device?: string;
  /** Carries every request: headers, tokens. Default: the platform's, with the cookies of the same origin. */
  readonly fetch?: typeof fetch;
  /**
   * Default `auto`: WebSocket; a stream of server-sent events while it cannot be had; HTTP heartbeats
   * while neither can.
   */
  readonly transport?: 'auto' | 'websocket' | 'stream' | 'http';
  /**
   * Default: listeners on the page; where there is none, or with `null`, the client is always active. Others are
   * in `@presence/client/react-native`, `/electron` and `/node`.
   */
  readonly activity?: ActivitySource | null;
  /** Opens what stands for a WebSocket, as `socketIO` in `@presence/client/socket.io`. Default: the platform's. */
  readonly sockets?: Transport;
  /** Default true: one connection for all tabs of this browser and user. */
  readonly shareTabs?: boolean;
  readonly testing?: {
    readonly clock?: Pick<Clock, 'now' | 'after'>;
    readonly random?: Random;
    readonly transport?: Transport;
    /** Locks, channels, storage, page events: a virtual browser in tests. */
    readonly browser?: BrowserLike;
    /** Loads what is apart because few visitors need it. */
    readonly load?: Loaders;
  };
}

/** The parts of a browser that tabs need. Each may be missing or refuse. */
export interface BrowserLike {
  /** What a relative `url` is relative to: the page's address. */
  readonly baseUrl?: string | undefined;
  readonly locks?: Pick<LockManager, 'request'> | undefined;
  readonly createChannel?: ((name: string) => ChannelLike) | undefined;
  readonly storage?: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'> | undefined;
  /** `pagehide`, `pageshow`, `freeze`, `resume`, `online`, `offline`. */
  onPage(event: PageEvent, listener: () => void): Cancel;
  sendBeacon?(url: string, body: string): boolean;
}

export type PageEvent = 'pagehide' | 'pageshow' | 'freeze' | 'resume' | 'online' | 'offline';

export interface ChannelLike {
  post(message: unknown): void;
  onMessage(listener: (message: unknown) => void): Cancel;
  close(): void;
}

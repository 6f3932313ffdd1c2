import type { IncomingMessage, Server } from 'node:http';
import type {
  Account,
  Cancel,
  Clock,
  Explanation,
  Instant,
  Policy,
  PolicyOptions,
  Presence as UserPresence,
  PresenceRecord,
  Projection,
  Random,
  Status,
  Step,
  Visibility,
} from '@presence/core';
import type { CountAnswer, Me, OnlineAnswer } from '@presence/core/protocol';
import type { AdminAction, AuditEvent, Directory } from './admin/types.ts';
import type { HistoryOptions } from './history/options.ts';
import type { TenantHistory } from './history/types.ts';
import type { HttpAnswer, HttpRequest } from './http/types.ts';
import type { MetricsOptions } from './metrics/options.ts';
import type { Connection, ConnectionEvents } from './realtime/types.ts';
import type { Soon } from './soon.ts';
import type { Sink } from './durable/sink.ts';
import type { PresenceStore } from './stores/store.ts';

/** Who makes a request, in the words of the application's own login. */
export interface Principal {
  /** 1 to 128 characters. */
  readonly userId: string;
  /** Isolation boundary; `"default"` when the application has none. Never taken from a request. */
  readonly tenant?: string | undefined;
  /** The only rooms that they may see and join; absent: `security.authorize` alone decides. */
  readonly rooms?: readonly string[] | undefined;
  readonly roles?: readonly string[] | undefined;
  /** When the login was issued, epoch ms; without it a sign-out everywhere cannot be checked against it. */
  readonly issuedAt?: Instant | undefined;
  /** When the login ends, epoch ms; live sockets are asked to come back with a fresh one. */
  readonly expiresAt?: Instant | undefined;
}

/** A principal with every default filled in. */
export interface ResolvedPrincipal extends Principal {
  readonly tenant: string;
}

/** Names the user of a request, after the application's own login middleware; `null` for nobody. */
export type Authenticate<Request> = (
  request: Request,
) => Principal | null | undefined | Promise<Principal | null | undefined>;

/** As pino and Fastify have it. */
export interface Logger {
  debug(obj: object, msg: string): void;
  info(obj: object, msg: string): void;
  warn(obj: object, msg: string): void;
  error(obj: object, msg: string): void;
}

/**
 * Says whether a principal may do something; the default lets users see their own tenant, and join the
 * rooms in it. Actions that begin with `admin:` are asked for only where `admin` is set.
 */
export type Authorize = (
  principal: ResolvedPrincipal,
  action: 'users:read' | 'online:read' | 'room:read' | 'room:join' | AdminAction,
  target: { readonly tenant: string; readonly userId?: string; readonly room?: string },
) => boolean | Promise<boolean>;

/** Token buckets; each a burst and a refill over a minute or a second. */
export interface Limits {
  /** Heartbeats of one session a minute. Default 10. */
  readonly beatsPerMinute: number;
  /** Tickets of one user a minute. Default 10 for each of the sessions that they may have. */
  readonly ticketsPerMinute: number;
  /** Reads and writes over HTTP of one user a minute. Default 60 for each session. */
  readonly queriesPerMinute: number;
  /** Frames of one socket a second. Default 20. */
  readonly framesPerSecond: number;
  /** How often one session may say a minute that it types, or stopped. Default 60. */
  readonly typingPerMinute: number;
  /** Requests and handshakes of one address (IPv6: one /64) a minute. Default 3000: many users share one. */
  readonly perAddressPerMinute: number;
  /** How long a fresh socket may wait with its `hello`. Default 5000. */
  readonly helloMs: number;
}

export interface SecurityOptions {
  /**
   * Origins whose pages may write with cookies, as `https://app.example`. Default: the server's own
   * only (`Sec-Fetch-Site`, else `Origin` equals `Host`).
   */
  readonly origins?: readonly string[];
  /** Signs tickets and leave tokens, at least 32 characters. Default: random, on the memory store only. */
  readonly secret?: string;
  readonly authorize?: Authorize;
  readonly limits?: Partial<Limits>;
  /** Whether `X-Forwarded-For`'s last hop names the client's address. Default false. */
  readonly trustProxy?: boolean;
}

export interface Sources {
  /**
   * The account's state in the application's own data; asked when a session opens, and when a login or a
   * request brings somebody who is not there. Where it answers, it decides: the admin route does not change an account
   * to what it contradicts (409 `account_from_source`).
   */
  readonly account?: (key: {
    readonly tenant: string;
    readonly userId: string;
  }) => Account | undefined | Promise<Account | undefined>;
  /** The application's own list of users, for the admin routes. */
  readonly directory?: Directory;
}

/** What {@link createPresence} takes. Everything but `authenticate` has a default. */
export interface PresenceOptions<Request = IncomingMessage> {
  readonly authenticate: Authenticate<Request>;
  /** Default: memory. */
  readonly store?: PresenceStore;
  /**
   * Keeps what is declared, last seen and statuses durably, for a store that does not: see `sqlSink`. Default:
   * what the store's process loses is lost.
   */
  readonly sink?: Sink;
  /** Default for every setting: see {@link Policy}. A function: per tenant. */
  readonly policy?: PolicyOptions | ((tenant: string) => PolicyOptions);
  readonly security?: SecurityOptions;
  /** Mounts the admin routes. They ask `security.authorize`, which they need. Default: false. */
  readonly admin?: boolean;
  readonly sources?: Sources;
  /** Keeps who was how when, and mounts the routes that tell admins. Default: nothing is kept. */
  readonly history?: HistoryOptions;
  /** What this node does, for Prometheus. Default: nobody scrapes. */
  readonly metrics?: MetricsOptions;
  /** Mounts `GET /openapi.json`, the description of every mounted route, for everybody. Default: false. */
  readonly openapi?: boolean;
  /** Silent by default. */
  readonly logger?: Logger;
  readonly testing?: { readonly clock?: Clock; readonly random?: Random };
}

/** A user whose public presence changed, as `on('change')` and `watch` tell it. */
export interface PresenceChange {
  readonly tenant: string;
  readonly presence: UserPresence;
  readonly steps: readonly Step[];
}

export interface PresenceEvents {
  /** A change that this node's commit brought about; other nodes fire their own. */
  change: (change: PresenceChange) => void;
  /** What an admin did through the routes of this node. */
  audit: (event: AuditEvent) => void;
  error: (error: unknown) => void;
}

export interface ClaimOptions {
  /** `user`, `admin`, `calendar`, `call` or any id of the application's. Default `user`. */
  readonly source?: string;
  readonly message?: string;
  readonly emoji?: string;
  readonly forMs?: number;
  readonly until?: Instant;
  /** Shows even when the user is absent; `admin` only. */
  readonly holdsAbsent?: boolean;
}

export interface ViewOptions {
  /** Default `public`. */
  readonly view?: Projection;
}

/** Everything that concerns one tenant. */
export interface TenantPresence {
  get(userId: string, options?: ViewOptions): Promise<UserPresence>;
  getMany(userIds: readonly string[], options?: ViewOptions): Promise<readonly UserPresence[]>;
  /** The user's own view with claims, visibility and account. */
  me(userId: string): Promise<Me>;
  anyOnline(userIds: readonly string[]): Promise<boolean>;
  /** Users who are not offline, or of the statuses asked for; in order of user id. */
  list(options?: {
    readonly status?: readonly Status[];
    /** Of the members of a room; default: of everybody. */
    readonly room?: string;
    readonly limit?: number;
    readonly cursor?: string;
  }): Promise<OnlineAnswer>;
  /** Of everybody, or of the members of a room. */
  count(options?: { readonly room?: string }): Promise<CountAnswer>;
  /** Why a user shows what they show. For the user and admins only. */
  explain(userId: string): Promise<Explanation>;
  /** Calls back for each change of these users' public presence, first with how they are. */
  watch(userIds: readonly string[], listener: (presence: UserPresence) => void): Promise<Cancel>;
  /**
   * Marks a user present for a lease, as a request without a client does.
   *
   * @throws PresenceError `account_blocked`
   */
  signIn(userId: string): Promise<void>;
  /** Ends one session, or all of them and every login issued until now. */
  signOut(userId: string, options?: { readonly sessionId?: string }): Promise<void>;
  /** The same as `signIn`, written at most each quarter of the lease. */
  touch(principal: Principal): Promise<void>;
  claim(userId: string, status: Status, options?: ClaimOptions): Promise<UserPresence>;
  release(userId: string, options?: { readonly source?: string }): Promise<UserPresence>;
  setVisibility(userId: string, visibility: Visibility): Promise<void>;
  /** Blocks or unblocks. A block ends the user's sessions and sockets on all nodes. */
  setAccount(userId: string, account: Account): Promise<void>;
  /** Deletes everything that is stored of a user, with their history. */
  forget(userId: string): Promise<void>;
  /** Who was how when. Every call is refused where {@link PresenceOptions.history} is not set. */
  readonly history: TenantHistory;
  /** For push senders: whether somebody is absent and not muted by `dnd`. In the order asked. */
  shouldNotify(userIds: readonly string[]): Promise<readonly boolean[]>;
}

export interface AttachOptions {
  /** Default `/presence/socket`. */
  readonly path?: string;
}

/** The engine with its routes and sockets. Its own methods are those of the tenant `default`. */
export interface Presence<Request = IncomingMessage> extends TenantPresence {
  tenant(id: string): TenantPresence;
  on<Name extends keyof PresenceEvents>(event: Name, listener: PresenceEvents[Name]): Cancel;
  /** Commits what is due, but for what cannot be settled; the number of users that it took offline. */
  reap(): Promise<number>;
  /**
   * Stops for a deploy: sockets are told to come back elsewhere, sessions live on for
   * `grace.drainMs`. Resolves when every socket is closed.
   */
  drain(): Promise<void>;
  /** Frees every timer, socket and subscription. */
  close(): Promise<void>;
  /** Takes WebSocket upgrades of its own path; all others are left to the application. */
  attach(server: Server, options?: AttachOptions): Cancel;
  /**
   * Takes one physical link that speaks the realtime protocol, whatever carries it: what `attach`
   * does with each WebSocket. For adapters of other transports and for virtual networks in tests;
   * the caller tells the returned events what arrives.
   */
  accept(connection: Connection): ConnectionEvents;
  /**
   * One request below the mount, in the words of no framework: what adapters call. Never throws or
   * rejects. Answers at once what nothing has to be waited for, as heartbeats are on a local store.
   */
  handle(request: HttpRequest<Request>): Soon<HttpAnswer>;
  /** The principal of a request, checked; what `touchPresence` calls. */
  identify(request: Request): Promise<ResolvedPrincipal | null>;
  readonly logger: Logger;
  policyOf(tenant: string): Policy;
}

/** A change of one user, settled, as the feed hands it to fan-out and sockets. */
export interface RecordChange {
  readonly key: { readonly tenant: string; readonly userId: string };
  readonly record: PresenceRecord | null;
  readonly at: Instant;
}

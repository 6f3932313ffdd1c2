import type { Explanation } from '../explain.ts';
import type { DayPeak, Peak } from '../history/peak.ts';
import type { DayOnline } from '../history/time-online.ts';
import type { UsualHours } from '../history/usual-hours.ts';
import type { Instant } from '../lease.ts';
import type { Presence } from '../project.ts';
import type { Step } from '../record.ts';
import type { Account, Status, Visibility } from '../status.ts';
import type { WireClaim } from './messages.ts';

/** What an admin may be allowed to do; each route asks for its own. */
export type AdminRight =
  | 'admin:users:read'
  | 'admin:stats:read'
  | 'admin:status:write'
  | 'admin:account:write'
  | 'admin:sessions:write'
  | 'admin:history:read'
  | 'admin:history:erase'
  | 'admin:reap'
  | 'admin:webhooks:read'
  | 'admin:webhooks:write';

/** What the application's directory says of a user. */
export interface Profile {
  readonly name?: string;
  readonly email?: string;
  readonly avatarUrl?: string;
}

/** A user as admins see them: what is true, and what others are shown of it. */
export interface AdminUser {
  readonly userId: string;
  /** The user's own view, also while they hide. */
  readonly presence: Presence;
  /** What other users see. */
  readonly publicStatus: Status;
  readonly claims: readonly WireClaim[];
  readonly visibility: Visibility;
  readonly account: Account;
  readonly sessions: number;
  /** For `If-Match`; 0: nothing is stored of them. */
  readonly revision: number;
  /** From the application's directory, where there is one that knows them. */
  readonly profile?: Profile;
}

/** `GET /admin/users`, `GET /admin/users/online`: a page. */
export interface AdminUsersAnswer {
  readonly users: readonly AdminUser[];
  readonly asOf: Instant;
  /** Give it back as `cursor`, with the same query; absent on the last page. */
  readonly nextCursor?: string;
}

/** `GET /admin/users/:userId` */
export interface AdminUserAnswer {
  readonly user: AdminUser;
  readonly explanation: Explanation;
  /**
   * What the application's own data says of the account, which then takes nothing else from here. Absent where no such
   * data is asked, does not know the user, or gave no answer.
   */
  readonly accountFromSource?: Account;
}

/** Whether an acknowledged write survives the store's process. */
export type Durability = 'volatile' | 'durable';

/** What every write of an admin answers, once it is stored. */
export interface AdminWriteAnswer {
  readonly user: AdminUser;
  readonly durability: Durability;
}

/** `PUT /admin/users/:userId/status`: the claim of the source `admin`, which wins over all others. */
export interface AdminStatusChange {
  /** `offline` shows them offline, whatever they do. */
  readonly status: Status;
  readonly message?: string | undefined;
  readonly emoji?: string | undefined;
  /** Ends so long after it was stored. At most one of `forMs` and `until`. */
  readonly forMs?: number | undefined;
  readonly until?: Instant | undefined;
  /** Shows also while no session of theirs is alive. */
  readonly holdsAbsent?: boolean | undefined;
}

/** `PUT /admin/users/:userId/account` */
export interface AccountChange {
  readonly account: Account;
}

/** `POST /admin/users/:userId/disconnect`: without `sessionId` all sessions end, and every login issued so far. */
export interface DisconnectRequest {
  readonly sessionId?: string | undefined;
}

/** `GET /admin/stats` */
export interface StatsAnswer {
  /** Everybody who is truly there, hidden or not. */
  readonly count: number;
  readonly byStatus: Readonly<Record<Status, number>>;
  readonly hidden: number;
  readonly asOf: Instant;
  readonly durability: Durability;
  /** Of the node that answered. */
  readonly node: {
    readonly connections: number;
    readonly sessions: number;
    /** Sessions whose link is gone and whose grace runs. */
    readonly leaving: number;
    /** For how long its process stood still since it started. */
    readonly stalledMs: number;
    readonly isDraining: boolean;
  };
}

/** `GET /admin/config`: what an admin page may offer to whoever asks. */
export interface AdminConfigAnswer {
  readonly viewer: {
    readonly userId: string;
    readonly tenant: string;
  };
  /** What the application's `authorize` answers to each right, asked without a user as its target. */
  readonly may: Readonly<Record<AdminRight, boolean>>;
  /** What the application's list of users can look for; `null`: there is none. */
  readonly directory: {
    readonly filters: readonly ('search' | 'account' | 'status')[];
    /** The usual one first. */
    readonly sorts: readonly string[];
  } | null;
  readonly durability: Durability;
  /** `null`: none is kept. */
  readonly history: { readonly retentionMs: number } | null;
}

/** One transition of a user's true presence, also while they hide: a line of an export. */
export type HistoryStep = Pick<Step, 'at' | 'status' | 'cause' | 'revision'>;

/** `GET /admin/users/:userId/history`: a page, the newest first. */
export interface HistoryAnswer {
  readonly steps: readonly HistoryStep[];
  /** Give it back as `cursor`, with the same query; absent on the last page. */
  readonly nextCursor?: string;
}

/** `DELETE /admin/users/:userId/history` */
export interface EraseHistoryAnswer {
  /** Transitions that were deleted. */
  readonly erased: number;
}

/** `GET /admin/users/:userId/insights`: when somebody is there, by the clocks of a time zone. */
export interface InsightsAnswer extends UsualHours {
  readonly timeZone: string;
  /** The last of them is today. */
  readonly days: readonly DayOnline[];
  readonly asOf: Instant;
}

/** `GET /admin/insights`: how many of the tenant were there together. */
export interface PeaksAnswer {
  readonly timeZone: string;
  /** Of all days; the first of equal ones. */
  readonly peak: Peak | null;
  readonly days: readonly DayPeak[];
  readonly asOf: Instant;
}

/** One webhook of the node that answered. */
export interface AdminWebhook {
  readonly name: string;
  /** Where it leads, without path and query. */
  readonly host: string;
  /** `at-least-once`: from the store's outbox. `best-effort`: what waits is lost with the node's process. */
  readonly delivery: 'at-least-once' | 'best-effort';
  /** Of this tenant: from an outbox those of all nodes, else those of the node that answered. */
  readonly waiting: number;
  /** Of this tenant: given up and kept. */
  readonly failed: number;
}

/** A webhook that was given up, and is kept until somebody tries it again or drops it. */
export interface FailedWebhook {
  /** {@link AdminWebhook.name} */
  readonly webhook: string;
  readonly userId: string;
  readonly version: number;
  readonly tries: number;
  /** When it was given up. */
  readonly at: Instant;
  /** `status 500`, `timeout`, `target_refused…`, `queue_full`, or what the connection said. */
  readonly reason: string;
}

/** `GET /admin/webhooks` */
export interface WebhooksAnswer {
  readonly webhooks: readonly AdminWebhook[];
  /** The last 100, the latest first. */
  readonly failures: readonly FailedWebhook[];
}

/** `POST /admin/webhooks/retry` and `/drop`: all that a webhook gave up, those of a user, or one. */
export interface WebhookChoice {
  readonly webhook: string;
  readonly userId?: string | undefined;
  /** With `userId`. */
  readonly version?: number | undefined;
}

/** `POST /admin/webhooks/retry` and `/drop` */
export interface WebhooksChangedAnswer {
  /** How many were put on their way again, or deleted. */
  readonly changed: number;
}

/** `POST /admin/reap` */
export interface ReapAnswer {
  /** Users that it took offline. */
  readonly reaped: number;
}

/** `GET /health/live`, `GET /health/ready` */
export interface HealthAnswer {
  readonly status: 'ok' | 'draining' | 'store_unavailable';
  readonly durability: Durability;
}

import type { Account, Instant, Key, Status } from '@presence/core';
import type { AdminRight, Profile } from '@presence/core/protocol';
import type { ResolvedPrincipal } from '../types.ts';

/** What an admin may be allowed to do; each route asks for its own. */
export type AdminAction = AdminRight;

/** All of {@link AdminAction}. */
export const ADMIN_ACTIONS: readonly AdminAction[] = [
  'admin:users:read',
  'admin:stats:read',
  'admin:status:write',
  'admin:account:write',
  'admin:sessions:write',
  'admin:history:read',
  'admin:history:erase',
  'admin:reap',
  'admin:webhooks:read',
  'admin:webhooks:write',
];

/** A user of the application's own list. */
export interface DirectoryUser extends Profile {
  readonly userId: string;
  /** The account's state in the application's own data; absent where it does not say. */
  readonly account?: Account;
}

/** What is asked of a directory. */
export interface DirectoryQuery {
  readonly tenant: string;
  /** Only of those that {@link Directory.filters} names. */
  readonly search?: string;
  readonly account?: Account;
  /**
   * What users truly are, hidden or not. Nobody who has one of these is left out; who only had it as far as
   * was written down may be in, and is left out of the answer by the route, which knows each of them.
   */
  readonly status?: readonly Status[];
  /** One of {@link Directory.sorts}; absent: the first of them. */
  readonly sort?: string;
  /** What the page before gave as `next`; absent on the first. */
  readonly after?: string;
  /** 1 to 500. */
  readonly limit: number;
}

/** A page of a directory. It may hold fewer than asked for, and still not be the last. */
export interface DirectoryPage {
  readonly users: readonly DirectoryUser[];
  /** Where the next page goes on; `null` on the last. */
  readonly next: string | null;
}

/** The application's own list of users. It declares what it can look for fast, and is asked for nothing else. */
export interface Directory {
  /** `status`: the directory knows presence too; else the store alone looks for it. */
  readonly filters: readonly ('search' | 'account' | 'status')[];
  /** Names of orders, the usual one first. */
  readonly sorts: readonly string[];
  list(query: DirectoryQuery): Promise<DirectoryPage>;
  /** Those of these users that it knows, in any order. At most 500. */
  get(tenant: string, userIds: readonly string[]): Promise<readonly DirectoryUser[]>;
}

/** What an admin did, as `on('audit')` tells it once it is stored. */
export interface AuditEvent {
  readonly at: Instant;
  readonly actor: Pick<ResolvedPrincipal, 'tenant' | 'userId'>;
  readonly action: AdminAction;
  /** Whom it was done to; absent where it concerns nobody alone. */
  readonly target?: Key;
  /** What was asked for: the body of the request, or the query of a read of history. */
  readonly details: unknown;
}

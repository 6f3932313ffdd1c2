import type { Cancel, Clock, ErrorCode, Instant } from '@presence/core';
import type { AdminUser, AdminUsersAnswer } from '@presence/core/protocol';
import { listen } from '../listen.ts';
import { systemClock } from '../system-clock.ts';
import { createTimers, type Timing } from '../timers.ts';
import { isFinal } from '../transports/failures.ts';
import { createRequest, type Request } from '../transports/request.ts';

/**
 * What is asked for; an empty text is no filter. Which filters and sorts there are is the directory's to say: others are
 * refused with a text that lists them.
 */
export interface AdminUsersQuery {
  /** One, or several with commas: `online,away`. */
  readonly status?: string | undefined;
  readonly account?: string | undefined;
  readonly search?: string | undefined;
  /** Such as `name` or `-lastSeenAt`. */
  readonly sort?: string | undefined;
  /** Users of one page. Default 100. */
  readonly limit?: number | undefined;
  /** Where to begin: a `nextCursor` of the same query, for pages that have addresses of their own. */
  readonly cursor?: string | undefined;
}

/** The list as it is known. The same object until something of it changed. */
export interface AdminUsersState {
  /** Of all pages that were loaded. While another query is on its way, still those of the one before. */
  readonly users: readonly AdminUser[];
  /** The first page of the query, or the next one, is on its way. */
  readonly loading: boolean;
  /** Where those begin that `loadMore()` adds; `null`: there are none, as far as is known. */
  readonly nextCursor: string | null;
  /** Of the first page, on the server's clock; `null` before the first answer. */
  readonly asOf: Instant | null;
  /** Why the last question had no answer; the users are then those of the last answer. */
  readonly error: { readonly code: ErrorCode | 'network'; readonly message: string } | null;
}

export interface AdminUsersList {
  getState(): AdminUsersState;
  /** The list is asked for while somebody listens, and again each `everyMs` while the page is seen. */
  subscribe(listener: () => void): Cancel;
  /** Asks for something else; of several within 200 ms, as a search is typed, for the last. */
  setQuery(query: AdminUsersQuery): void;
  loadMore(): void;
  /** Asks again at once: something was changed, or what was refused may be allowed by now. */
  refresh(): void;
}

export interface AdminUsersOptions {
  /** Where presence is mounted, as for the client: `/presence`. The routes of admins have to be there. */
  readonly url: string;
  /** Carries every request: headers, tokens. */
  readonly fetch?: typeof fetch | undefined;
  readonly query?: AdminUsersQuery | undefined;
  /** How often it is asked again. Default 10 s. */
  readonly everyMs?: number | undefined;
  readonly testing?: {
    readonly clock?: Pick<Clock, 'now' | 'after'>;
    readonly page?: Pick<Document, 'hidden' | 'addEventListener' | 'removeEventListener'>;
  };
}

/** Before anything was asked. */
export const NO_USERS: AdminUsersState = Object.freeze({
  users: Object.freeze([]),
  loading: true,
  nextCursor: null,
  asOf: null,
  error: null,
});

const TYPING_MS = 200;

type Page = Pick<AdminUsersState, 'users' | 'asOf'> & { readonly cursor: string | undefined };

const pathOf = (query: AdminUsersQuery): string => {
  const given = Object.entries(query).flatMap(([name, value]) =>
    value === undefined || value === '' ? [] : [[name, String(value)]],
  );
  return `/admin/users?${new URLSearchParams(given).toString()}`;
};

const startOf = ({ cursor }: AdminUsersQuery): Page => ({ users: [], asOf: null, cursor });

/** Pages of one query, until as many users are there as are wanted. */
const askFor = async (
  request: Request,
  query: AdminUsersQuery,
  from: Page,
  wanted: number,
  abort: AbortController,
): Promise<{ readonly page: Page; readonly error: AdminUsersState['error'] }> => {
  let page = from;
  do {
    const { body, failure } = await request<AdminUsersAnswer>(
      'GET',
      pathOf({ ...query, cursor: page.cursor }),
      undefined,
      abort,
    );
    if (failure) return { page, error: { code: failure.code, message: failure.message } };
    page = {
      users: [...page.users, ...body.users],
      asOf: page.asOf ?? body.asOf,
      cursor: body.nextCursor,
    };
  } while (page.cursor !== undefined && page.users.length < wanted);
  return { page, error: null };
};

/**
 * The users of an admin page of your own, over `GET /admin/users`: by pages, asked again while somebody
 * looks. Headless, as the client is; `useAdminUsers` of `@presence/react/admin` is over this.
 */
// oxlint-disable-next-line max-lines-per-function -- one state machine, as in session.ts
export const createAdminUsers = (options: AdminUsersOptions): AdminUsersList => {
  const { everyMs = 10_000, testing = {} } = options;
  const clock: Timing = testing.clock ?? systemClock;
  const page: typeof testing.page = testing.page ?? globalThis.document;
  const send: typeof fetch = options.fetch ?? ((...asked) => fetch(...asked));
  const request = createRequest(send, options.url.replace(/\/$/, ''), clock);
  const listeners = new Set<{ readonly listener: () => void }>();
  let query = options.query ?? {};
  let state = NO_USERS;
  let held = startOf(query);
  let timers = createTimers(clock);
  let deafen: Cancel = () => {};
  let asking: AbortController | undefined;

  const show = (next: Partial<AdminUsersState>): void => {
    state = Object.freeze({ ...state, ...next });
    for (const { listener } of Array.from(listeners)) listener();
  };
  const again = (): void => {
    timers.after(everyMs, () => (page?.hidden ? again() : void ask()), 'again');
  };
  /** Takes the place of a question that is on its way. @param next the page after those that are there */
  const ask = async (next = false): Promise<void> => {
    asking?.abort();
    const abort = (asking = new AbortController());
    const wanted = next ? held.users.length + 1 : held.users.length;
    const answer = await askFor(request, query, next ? held : startOf(query), wanted, abort);
    if (asking !== abort) return;
    asking = undefined;
    const { error } = answer;
    if (!error || next) held = answer.page;
    const { users, asOf, cursor } = held;
    // A cursor is good for as long as the server's secret: after a restart the list begins anew.
    if (error?.code === 'invalid_request' && next) held = startOf(query);
    show({ ...(!error && { users, asOf, nextCursor: cursor ?? null }), loading: false, error });
    if (!error || !isFinal(error.code)) again();
  };
  const start = (): void => {
    timers = createTimers(clock);
    deafen = page ? listen(page, 'visibilitychange', () => page.hidden || refresh()) : deafen;
    void ask();
  };
  const stop = (): void => {
    timers.stop();
    deafen();
    asking?.abort();
    asking = undefined;
  };
  const refresh = (): void => {
    if (listeners.size > 0) void ask();
  };
  return {
    getState: () => state,
    subscribe(listener) {
      const entry = { listener };
      if (listeners.add(entry).size === 1) start();
      return () => {
        if (listeners.delete(entry) && listeners.size === 0) stop();
      };
    },
    setQuery(next) {
      query = next;
      held = startOf(query);
      asking?.abort();
      asking = undefined;
      show({ loading: true });
      if (listeners.size > 0) timers.after(TYPING_MS, refresh, 'again');
    },
    loadMore() {
      if (state.loading || held.cursor === undefined || listeners.size === 0) return;
      show({ loading: true });
      void ask(true);
    },
    refresh,
  };
};

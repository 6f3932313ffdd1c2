import type { Account } from '@presence/core';
import type {
  AdminConfigAnswer,
  AdminStatusChange,
  AdminUserAnswer,
  AdminUsersAnswer,
  AdminWriteAnswer,
  EraseHistoryAnswer,
  HistoryAnswer,
  InsightsAnswer,
  Me,
  PeaksAnswer,
  StatsAnswer,
  WebhookChoice,
  WebhooksAnswer,
  WebhooksChangedAnswer,
} from '@presence/core/protocol';

/** What a route refused, or that none could be reached. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  /** HTTP status; 0: no answer. */
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

/** What the table is asked for. */
export interface UsersQuery {
  readonly status?: string | undefined;
  readonly account?: Account | undefined;
  readonly search?: string | undefined;
  readonly sort?: string | undefined;
}

/** Whom a write is for, and what they were when it was decided. */
export interface Target {
  readonly userId: string;
  readonly revision: number;
}

/** The admin routes. Each rejects with {@link ApiError}. */
export interface Api {
  config(): Promise<AdminConfigAnswer>;
  me(): Promise<Me>;
  stats(): Promise<StatsAnswer>;
  users(query: UsersQuery, limit: number, cursor?: string): Promise<AdminUsersAnswer>;
  user(userId: string): Promise<AdminUserAnswer>;
  setStatus(target: Target, change: AdminStatusChange): Promise<AdminWriteAnswer>;
  clearStatus(target: Target): Promise<AdminWriteAnswer>;
  setAccount(target: Target, account: Account): Promise<AdminWriteAnswer>;
  disconnect(target: Target, sessionId?: string): Promise<AdminWriteAnswer>;
  history(userId: string, limit: number, cursor?: string): Promise<HistoryAnswer>;
  /** All of it as lines of JSON, page after page. */
  exportHistory(userId: string): Promise<string>;
  insights(userId: string, timeZone: string, days: number): Promise<InsightsAnswer>;
  eraseHistory(userId: string): Promise<EraseHistoryAnswer>;
  /** How many were there together at most, each of the last days. */
  peaks(timeZone: string, days: number): Promise<PeaksAnswer>;
  webhooks(): Promise<WebhooksAnswer>;
  retryWebhooks(choice: WebhookChoice): Promise<WebhooksChangedAnswer>;
  dropWebhooks(choice: WebhookChoice): Promise<WebhooksChangedAnswer>;
}

interface Asked {
  readonly method?: string;
  readonly body?: unknown;
  readonly revision?: number;
}

const headersOf = ({ body, revision }: Asked): Record<string, string> => ({
  ...(body !== undefined && { 'content-type': 'application/json' }),
  ...(revision !== undefined && { 'if-match': `"${revision}"` }),
});

const refusalOf = async (response: Response): Promise<ApiError> => {
  const { status } = response;
  const content = (await response.json().catch(() => null)) as {
    readonly error?: { readonly code?: string; readonly message?: string };
  } | null;
  const { code = 'unknown', message = `The server answered ${status}.` } = content?.error ?? {};
  return new ApiError(status, code, message);
};

const queryOf = (query: object, limit: number, cursor: string | undefined): string => {
  const given = Object.entries({ ...query, limit: String(limit), cursor }).filter(
    (entry): entry is [string, string] => typeof entry[1] === 'string' && entry[1] !== '',
  );
  return new URLSearchParams(given).toString();
};

/** Where the next page is, beside this one. */
const NEXT = /^<(\?[^>]*)>; rel="next"$/;

/** @param base where presence is mounted, without a slash at the end */
export const createApi = (base: string, request: typeof fetch): Api => {
  const respond = async (path: string, asked: Asked = {}): Promise<Response> => {
    const { method = 'GET', body } = asked;
    const response = await request(`${base}${path}`, {
      method,
      headers: headersOf(asked),
      ...(body !== undefined && { body: JSON.stringify(body) }),
    }).catch(() => null);
    if (response === null) throw new ApiError(0, 'network', 'The server cannot be reached.');
    if (!response.ok) throw await refusalOf(response);
    return response;
  };
  const ask = async <Content>(path: string, asked?: Asked): Promise<Content> =>
    (await (await respond(path, asked)).json()) as Content;
  const at = (userId: string): string => `/admin/users/${encodeURIComponent(userId)}`;
  const write = (
    { userId, revision }: Target,
    part: string,
    method: string,
    body?: unknown,
  ): Promise<AdminWriteAnswer> => ask(`${at(userId)}/${part}`, { method, body, revision });

  return {
    config: () => ask('/admin/config'),
    me: () => ask('/me'),
    stats: () => ask('/admin/stats'),
    users: (query, limit, cursor) => ask(`/admin/users?${queryOf(query, limit, cursor)}`),
    user: (userId) => ask(at(userId)),
    setStatus: (target, change) => write(target, 'status', 'PUT', change),
    clearStatus: (target) => write(target, 'status', 'DELETE'),
    setAccount: (target, account) => write(target, 'account', 'PUT', { account }),
    disconnect: (target, sessionId) =>
      write(target, 'disconnect', 'POST', sessionId === undefined ? {} : { sessionId }),
    history: (userId, limit, cursor) => ask(`${at(userId)}/history?${queryOf({}, limit, cursor)}`),
    exportHistory: async (userId) => {
      let lines = '';
      for (let query: string | undefined = ''; query !== undefined;) {
        const response: Response = await respond(`${at(userId)}/history/export${query}`);
        lines += await response.text();
        query = NEXT.exec(response.headers.get('link') ?? '')?.[1];
      }
      return lines;
    },
    insights: (userId, timeZone, days) =>
      ask(`${at(userId)}/insights?${new URLSearchParams({ timeZone, days: String(days) })}`),
    peaks: (timeZone, days) =>
      ask(`/admin/insights?${new URLSearchParams({ timeZone, days: String(days) })}`),
    webhooks: () => ask('/admin/webhooks'),
    retryWebhooks: (body) => ask('/admin/webhooks/retry', { method: 'POST', body }),
    dropWebhooks: (body) => ask('/admin/webhooks/drop', { method: 'POST', body }),
    eraseHistory: (userId) => ask(`${at(userId)}/history`, { method: 'DELETE' }),
  };
};

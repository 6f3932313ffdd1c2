import type { SignIn, User, Audited, Counts } from '../users.ts';

export type { Audited, Counts, SignIn, User };

/** Who is signed in. */
type Own = Pick<User, 'id' | 'name' | 'email' | 'title' | 'role'>;

/** What a route refused; of presence or of this application, both speak the same. */
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

/** Somebody signed in, for as long as this page is open. */
export interface Session {
  readonly user: Own;
  /**
   * The platform's `fetch` with the access token, which is renewed when it has ended. Presence takes it too, so that its
   * requests are signed in like all others.
   */
  readonly fetch: typeof fetch;
  /** JSON in and out. Rejects with {@link ApiError}. */
  call<Answer>(method: string, path: string, asked?: Asked): Promise<Answer>;
  signOut(): Promise<void>;
}

interface Asked {
  readonly body?: unknown;
  /** Of the user that is written: refused if somebody else was first. */
  readonly revision?: number;
  readonly signal?: AbortSignal;
}

interface Welcome {
  readonly access: string;
  readonly user: Own;
}

const errorOf = async (response: Response): Promise<ApiError> => {
  const body = (await response.json().catch(() => null)) as {
    readonly error?: { readonly code: string; readonly message: string };
  } | null;
  const { code = 'unknown', message = `The server answered ${response.status}.` } =
    body?.error ?? {};
  return new ApiError(response.status, code, message);
};

const send = async (fetcher: typeof fetch, path: string, init: RequestInit): Promise<Response> => {
  const response = await fetcher(path, init).catch((error: unknown) => {
    throw error instanceof DOMException ? error : new ApiError(0, 'network', 'No answer.');
  });
  if (!response.ok) throw await errorOf(response);
  return response;
};

const post = (path: string, body?: unknown): Promise<Response> =>
  send(fetch, path, {
    method: 'POST',
    ...(body !== undefined && {
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(body),
    }),
  });

/** A refresh token is good for one use, and all tabs share it: one tab at a time. `null`: nobody is signed in. */
const renew = (): Promise<Welcome | null> =>
  navigator.locks.request('juniper-renew', async () => {
    const response = await post('/api/session/renew');
    return response.status === 204 ? null : ((await response.json()) as Welcome);
  });

const initOf = (method: string, { body, revision, signal }: Asked): RequestInit => ({
  method,
  headers: {
    ...(body !== undefined && { 'Content-Type': 'application/json' }),
    ...(revision !== undefined && { 'If-Match': `"${revision}"` }),
  },
  ...(body !== undefined && { body: JSON.stringify(body) }),
  ...(signal && { signal }),
});

const sessionOf = ({ access, user }: Welcome): Session => {
  let token = access;
  let renewing: Promise<void> | null = null;

  const renewed = (): Promise<void> =>
    (renewing ??= renew()
      .then((welcome) => void (token = welcome?.access ?? token))
      .finally(() => (renewing = null)));
  const attempt = (input: RequestInfo | URL, init: RequestInit): Promise<Response> => {
    const headers = new Headers(init.headers);
    headers.set('Authorization', `Bearer ${token}`);
    return fetch(input, { ...init, headers });
  };
  const signedIn: typeof fetch = async (input, init = {}) => {
    const used = token;
    const response = await attempt(input, init);
    if (response.status !== 401) return response;
    try {
      if (token === used) await renewed();
    } catch {
      return response;
    }
    return attempt(input, init);
  };
  return {
    user,
    fetch: signedIn,
    call: async <Answer>(method: string, path: string, asked: Asked = {}) => {
      const response = await send(signedIn, path, initOf(method, asked));
      return (response.status === 204 ? undefined : await response.json()) as Answer;
    },
    signOut: async () => void (await attempt('/api/session', { method: 'DELETE' })),
  };
};

export const signIn = async (email: string, password: string): Promise<Session> =>
  sessionOf((await (await post('/api/session', { email, password })).json()) as Welcome);

export const signUp = async (name: string, email: string, password: string): Promise<void> =>
  void (await post('/api/accounts', { name, email, password }));

/** Whoever was signed in when the page was left. `null`: nobody. */
export const resume = async (): Promise<Session | null> => {
  try {
    const welcome = await renew();
    return welcome && sessionOf(welcome);
  } catch (error) {
    if (error instanceof ApiError && error.status === 401) return null;
    throw error;
  }
};

/** How often the admin page asks again, in ms. */
export const loadRefreshMs = async (): Promise<number> => {
  const response = await send(fetch, '/api/config', {});
  return ((await response.json()) as { readonly refreshMs: number }).refreshMs;
};

import { ERRORS, type Clock, type ErrorCode } from '@presence/core';

/** Longer than any healthy answer takes, shorter than a user's patience. */
const ANSWER_MS = 10_000;

/** Why something did not work, as the connection judges it. */
export interface Failure {
  readonly code: ErrorCode | 'network';
  readonly message: string;
  readonly retryAfterMs?: number;
}

export type Answer<T> =
  { readonly ok: true; readonly body: T } | { readonly ok: false; readonly failure: Failure };

export type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';

/** One HTTP request below the mount. Never rejects. */
export type Request = <T>(
  method: Method,
  path: string,
  body?: object,
  options?: { readonly signal?: AbortSignal; readonly keepalive?: boolean },
) => Promise<Answer<T>>;

/** The code of an answer that names none: the first of the catalogue that travels so. */
export const codeOf = (key: 'httpStatus' | 'closeCode', value: number): ErrorCode | undefined =>
  (Object.keys(ERRORS) as ErrorCode[]).find((code) => ERRORS[code][key] === value);

export const network = (message: string): Failure => ({ code: 'network', message });

const failureOf = async (response: Response): Promise<Failure> => {
  const { status } = response;
  const body = (await response.json().catch(() => null)) as { error?: Failure } | null;
  const seconds = Number(response.headers.get('retry-after') ?? NaN);
  return {
    code: body?.error?.code ?? codeOf('httpStatus', status) ?? 'internal',
    message: body?.error?.message ?? `The server answered ${status}.`,
    ...(seconds > 0 && { retryAfterMs: seconds * 1000 }),
  };
};

export const createRequest =
  (send: typeof fetch, base: string, clock: Clock): Request =>
  async (method, path, body, { signal, keepalive } = {}) => {
    const abort = new AbortController();
    const stop = (): void => abort.abort();
    signal?.addEventListener('abort', stop, { once: true });
    const cancel = clock.after(ANSWER_MS, stop);
    try {
      const response = await send(base + path, {
        method,
        signal: abort.signal,
        ...(keepalive && { keepalive }),
        ...(body && {
          body: JSON.stringify(body),
          headers: { 'content-type': 'application/json' },
        }),
      });
      if (!response.ok) return { ok: false, failure: await failureOf(response) };
      const text = await response.text();
      return { ok: true, body: text ? JSON.parse(text) : undefined };
    } catch (error) {
      return { ok: false, failure: network(String(error)) };
    } finally {
      cancel();
      signal?.removeEventListener('abort', stop);
    }
  };

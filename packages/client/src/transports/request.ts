import type { Cancel } from '@presence/core';
import type { Timing } from '../timers.ts';
import { codeOf, network, type Failure } from './failures.ts';
import { ANSWER_MS } from '../numbers.ts';

export type Answer<T> =
  | { readonly body: T; readonly failure?: undefined }
  | { readonly body?: undefined; readonly failure: Failure };

/**
 * One HTTP request below the mount. Never rejects.
 *
 * @param abort ends it; a request that takes too long aborts it as well
 * @param keepalive it outlives the page
 */
export type Request = <T>(
  method: 'GET' | 'POST' | 'PUT' | 'DELETE',
  path: string,
  body?: object,
  abort?: AbortController,
  keepalive?: boolean,
) => Promise<Answer<T>>;

const failureOf = async (response: Response): Promise<Failure> => {
  const { status, headers } = response;
  const body = (await response.json().catch(() => null)) as { error?: Failure } | null;
  return {
    code: codeOf(status),
    message: `The server answered ${status}.`,
    ...body?.error,
    retryAfterMs: +headers.get('retry-after')! * 1000 || 0,
  };
};

export const createRequest =
  (send: typeof fetch, base: string, clock: Timing): Request =>
  async (method, path, body, abort = new AbortController(), keepalive = false) => {
    let cancel: Cancel;
    try {
      const response = await new Promise<Response>((resolve, reject) => {
        cancel = clock.after(ANSWER_MS, () => {
          abort.abort();
          // What the application does before it asks, for a token say, may hear of no signal.
          reject('The server does not answer.');
        });
        send(base + path, {
          method,
          signal: abort.signal,
          keepalive,
          ...(body && {
            body: JSON.stringify(body),
            headers: { 'content-type': 'application/json' },
          }),
        }).then(resolve, reject);
      });
      if (!response.ok) return { failure: await failureOf(response) };
      const text = await response.text();
      return { body: text && JSON.parse(text) };
    } catch (error) {
      return { failure: network(error) };
    } finally {
      cancel!();
    }
  };

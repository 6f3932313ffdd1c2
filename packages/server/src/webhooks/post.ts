import { lookup as lookupName } from 'node:dns/promises';
import { request as requestHttp, type RequestOptions } from 'node:http';
import { request as requestHttps } from 'node:https';
import type { Clock } from '@presence/core';
import { addressOf } from './target.ts';
import type { Lookup, Post } from './types.ts';

interface Parts {
  readonly clock: Clock;
  readonly timeoutMs: number;
  readonly allowPrivate: boolean;
  readonly lookup?: Lookup | undefined;
}

const systemLookup: Lookup = (name) => lookupName(name, { all: true });

type Address = Awaited<ReturnType<typeof addressOf>>;

/** Node asks for one address, or for all of them. */
const answeredBy =
  (found: Address): NonNullable<RequestOptions['lookup']> =>
  (_name, options, done) => {
    if (options.all === true) done(null, [found]);
    else done(null, found.address, found.family);
  };

/** Rejects when time is up, whatever the other end does or does not. */
const within = <Answer>(
  { clock, timeoutMs }: Parts,
  run: (onLate: (stop: (error: Error) => void) => void) => Promise<Answer>,
): Promise<Answer> =>
  new Promise((resolve, reject) => {
    let stop: (error: Error) => void = () => undefined;
    const cancel = clock.after(timeoutMs, () => {
      const late = new Error('timeout');
      stop(late);
      reject(late);
    });
    void run((given) => {
      stop = given;
    })
      .then(resolve, reject)
      .finally(cancel);
  });

/**
 * POSTs over a connection of its own to the address that was judged. Follows no redirect, and reads
 * no more of an answer than its status.
 */
export const createPost = (parts: Parts): Post => {
  const { allowPrivate, lookup = systemLookup } = parts;
  return ({ url, headers, body }) =>
    within(parts, async (onLate) => {
      const found = await addressOf(url, lookup, allowPrivate);
      const request = url.protocol === 'https:' ? requestHttps : requestHttp;
      return new Promise((resolve, reject) => {
        const sent = request(
          url,
          {
            method: 'POST',
            headers: { ...headers, 'content-length': Buffer.byteLength(body) },
            lookup: answeredBy(found),
            agent: false,
          },
          (response) => {
            // What comes behind the status is not looked at, nor how it ends.
            response.on('error', () => undefined);
            resolve({ status: response.statusCode ?? 0 });
            response.destroy();
          },
        );
        onLate((error) => sent.destroy(error));
        sent.on('error', reject);
        sent.end(body);
      });
    });
};

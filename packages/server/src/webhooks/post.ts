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

/** The time that one request has. */
interface Time {
  /** @throws what the caller was told, once it is up */
  check(): void;
  /** Ends what is under way when it is up. */
  onUp(stop: (error: Error) => void): void;
}

/** Rejects when time is up, whatever the other end does or does not. */
const within = <Answer>(
  { clock, timeoutMs }: Parts,
  run: (time: Time) => Promise<Answer>,
): Promise<Answer> =>
  new Promise((resolve, reject) => {
    let late: Error | null = null;
    let stop: (error: Error) => void = () => undefined;
    const cancel = clock.after(timeoutMs, () => {
      late = new Error('timeout');
      stop(late);
      reject(late);
    });
    const time: Time = {
      check: () => {
        if (late) throw late;
      },
      onUp: (given) => void (stop = given),
    };
    void run(time).then(resolve, reject).finally(cancel);
  });

/**
 * POSTs over a connection of its own to the address that was judged. Follows no redirect, and reads
 * no more of an answer than its status.
 */
export const createPost = (parts: Parts): Post => {
  const { allowPrivate, lookup = systemLookup } = parts;
  return ({ url, headers, body }) =>
    within(parts, async (time) => {
      const found = await addressOf(url, lookup, allowPrivate);
      // Nobody would hear of the answer, nor hang up on who gives none.
      time.check();
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
        time.onUp((error) => sent.destroy(error));
        sent.on('error', reject);
        sent.end(body);
      });
    });
};

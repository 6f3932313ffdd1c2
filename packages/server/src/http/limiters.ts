import { PresenceError, type Policy } from '@presence/core';
import type { ResolvedOptions } from '../context.ts';
import { addressKey, clientAddress } from '../security/address.ts';
import { perMinute } from '../security/rate-limit.ts';
import type { Bucket, RateLimit } from '../security/types.ts';
import type { Caller } from './callers.ts';
import type { HttpRequest } from './types.ts';

/** The buckets of one node. Each throws `rate_limited` with the time to wait. */
export interface Limiters {
  address(request: Pick<HttpRequest, 'address' | 'header'>): void;
  /** All heartbeats of one user: as many as the sessions that they may have. */
  beats(caller: Caller, policy: Policy): void;
  /** The heartbeats of one session, from its bucket. */
  session(bucket: Bucket): void;
  sessionBucket(caller: Caller, sessionId: string): Bucket;
  tickets(caller: Caller): void;
  queries(caller: Caller): void;
}

const STEADY = { isSteady: true };

const take = (limit: RateLimit, bucket: Bucket): void => {
  const retryAfterMs = limit.takeFrom(bucket);
  if (retryAfterMs === null) return;
  throw new PresenceError('rate_limited', 'Too many requests. Wait before the next one.', {
    retryAfterMs,
  });
};

type LimiterOptions = Pick<ResolvedOptions, 'limits' | 'clock' | 'trustProxy' | 'policyOf'>;

export const createLimiters = (options: LimiterOptions): Limiters => {
  const { limits, clock, trustProxy } = options;
  const address = perMinute(limits.perAddressPerMinute, clock, STEADY);
  const session = perMinute(limits.beatsPerMinute, clock, STEADY);
  const tickets = perMinute(limits.ticketsPerMinute, clock);
  const queries = perMinute(limits.queriesPerMinute, clock);
  /** One limit for each number of sessions that some tenant's policy allows. */
  const beats = new Map<number, RateLimit>();

  const beatsOf = (maxSessions: number): RateLimit => {
    let limit = beats.get(maxSessions);
    if (!limit) {
      limit = perMinute(limits.beatsPerMinute * maxSessions, clock, STEADY);
      beats.set(maxSessions, limit);
    }
    return limit;
  };

  return {
    address: (request) => {
      const client = trustProxy
        ? clientAddress(request.address, request.header('x-forwarded-for'), true)
        : request.address;
      take(address, address.bucketOf(addressKey(client)));
    },
    beats: (caller, { maxSessions }) => {
      const limit = beatsOf(maxSessions);
      caller.beatsBucket ??= limit.bucketOf(caller.text);
      take(limit, caller.beatsBucket);
    },
    session: (bucket) => take(session, bucket),
    // Ids hold no control characters, so the texts of two sessions are never the same.
    sessionBucket: ({ text }, sessionId) => session.bucketOf(`${text}\n${sessionId}`),
    tickets: ({ text }) => take(tickets, tickets.bucketOf(text)),
    queries: ({ text }) => take(queries, queries.bucketOf(text)),
  };
};

import type { Key, Policy } from '@presence/core';
import { PresenceError } from '@presence/core';
import type { ResolvedOptions } from '../context.ts';
import { addressKey, clientAddress } from '../security/address.ts';
import { perMinute } from '../security/rate-limit.ts';
import type { RateLimit } from '../security/types.ts';

/** The buckets of one node. Each throws `rate_limited` with the time to wait. */
export interface Limiters {
  address(socketAddress: string, forwardedFor: string | undefined): void;
  /** All heartbeats of one user: as many as the sessions that they may have. */
  beats(key: Key, policy: Policy): void;
  /** The heartbeats of one session. */
  session(key: Key, sessionId: string): void;
  tickets(key: Key): void;
  queries(key: Key): void;
}

const take = (limit: RateLimit, key: string): void => {
  const retryAfterMs = limit.take(key);
  if (retryAfterMs === null) return;
  throw new PresenceError('rate_limited', 'Too many requests. Wait before the next one.', {
    retryAfterMs,
  });
};

// Ids hold no control characters, so keys of two users are never the same.
const textOf = ({ tenant, userId }: Key): string => `${tenant}\n${userId}`;

type LimiterOptions = Pick<ResolvedOptions, 'limits' | 'clock' | 'trustProxy' | 'policyOf'>;

export const createLimiters = (options: LimiterOptions): Limiters => {
  const { limits, clock, trustProxy } = options;
  const address = perMinute(limits.perAddressPerMinute, clock);
  const session = perMinute(limits.beatsPerMinute, clock);
  const tickets = perMinute(limits.ticketsPerMinute, clock);
  const queries = perMinute(limits.queriesPerMinute, clock);
  /** One limit for each number of sessions that some tenant's policy allows. */
  const beats = new Map<number, RateLimit>();

  const beatsOf = (maxSessions: number): RateLimit => {
    let limit = beats.get(maxSessions);
    if (!limit) {
      limit = perMinute(limits.beatsPerMinute * maxSessions, clock);
      beats.set(maxSessions, limit);
    }
    return limit;
  };

  return {
    address: (socketAddress, forwardedFor) =>
      take(address, addressKey(clientAddress(socketAddress, forwardedFor, trustProxy))),
    beats: (key, { maxSessions }) => take(beatsOf(maxSessions), textOf(key)),
    session: (key, sessionId) => take(session, `${textOf(key)}\n${sessionId}`),
    tickets: (key) => take(tickets, textOf(key)),
    queries: (key) => take(queries, textOf(key)),
  };
};

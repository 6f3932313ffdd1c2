import type { Clock } from '@presence/core';
import type { RateLimit } from './types.ts';

export interface RateLimitOptions {
  /** Tokens of a full bucket. */
  readonly burst: number;
  /** Tokens that come back each millisecond. */
  readonly refillPerMs: number;
  readonly clock: Clock;
  /** The key that was used longest ago is forgotten beyond it. Default 100,000. */
  readonly maxKeys?: number;
}

/** How many of the oldest buckets each call looks at: more than it can add, so the map shrinks. */
const SWEPT_PER_TAKE = 2;

/** The part of a token that sums of fractions may be off by. */
const ROUNDING = 0.000_001;

/**
 * A bucket is one number: when it will be full again. Full buckets are forgotten on the way, so the
 * map holds who came lately, about 100 bytes a key.
 */
export const createRateLimit = (options: RateLimitOptions): RateLimit => {
  const { burst, refillPerMs, clock, maxKeys = 100_000 } = options;
  const tokenMs = 1 / refillPerMs;
  const emptyMs = burst * tokenMs;
  // Small numbers keep their fractions: sums of instants of today round to a quarter of a microsecond.
  const startedAt = clock.now();
  const fullAt = new Map<string, number>();

  const forget = (now: number): void => {
    let looked = 0;
    for (const [key, instant] of fullAt) {
      if (instant > now && fullAt.size <= maxKeys) return;
      fullAt.delete(key);
      looked += 1;
      if (looked === SWEPT_PER_TAKE) return;
    }
  };

  return {
    take: (key) => {
      const now = clock.now() - startedAt;
      const before = fullAt.get(key);
      // The wall clock may be stepped back: nobody waits longer than an empty bucket takes.
      const from = before === undefined ? now : Math.min(Math.max(before, now), now + emptyMs);
      const after = from + tokenMs;
      const missingMs = after - now - emptyMs;
      if (missingMs > tokenMs * ROUNDING) return Math.max(1, Math.ceil(missingMs));
      // Deleted first, so that the map stays in order of use.
      if (before !== undefined) fullAt.delete(key);
      fullAt.set(key, after);
      forget(now);
      return null;
    },
  };
};

/** So many in a minute, all of them at once if need be. */
export const perMinute = (count: number, clock: Clock, maxKeys?: number): RateLimit =>
  createRateLimit({
    burst: count,
    refillPerMs: count / 60_000,
    clock,
    ...(maxKeys !== undefined && { maxKeys }),
  });

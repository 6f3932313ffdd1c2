import type { Clock } from '@presence/core';
import type { Bucket, RateLimit } from './types.ts';

export interface RateLimitOptions {
  /** Tokens of a full bucket. */
  readonly burst: number;
  /** Tokens that come back each millisecond. */
  readonly refillPerMs: number;
  readonly clock: Clock;
  /** Beyond it the key that is known for longest is forgotten. Default 100,000. */
  readonly maxKeys?: number;
  /**
   * For keys that come again and again: a full bucket stays for as long as an empty one takes to
   * fill, while there is room, so that they find their own again. Default `false`: it is forgotten.
   */
  readonly isSteady?: boolean;
}

/** The part of a token that sums of fractions may be off by. */
const ROUNDING = 0.000_001;

/** How many buckets each new one looks at: more than it adds, so the map shrinks. */
const SWEPT_PER_BUCKET = 2;

/**
 * A bucket is one number, changed in place: when it will be full again, in ms of the limit's own time. New buckets make room by forgetting full
 * ones, so the map holds who came lately, about 120 bytes a key.
 */
export const createRateLimit = (options: RateLimitOptions): RateLimit => {
  const { burst, refillPerMs, clock, maxKeys = 100_000, isSteady = false } = options;
  const tokenMs = 1 / refillPerMs;
  const emptyMs = burst * tokenMs;
  // Small numbers keep their fractions: sums of instants of today round to a quarter of a microsecond.
  const startedAt = clock.now();
  const buckets = new Map<string, Bucket>();
  // Goes round and round: a bucket in steady use must not hide the full ones behind it.
  let sweep = buckets.entries();

  const keptMs = (): number => (isSteady && buckets.size < maxKeys / 2 ? emptyMs : 0);

  const forget = (now: number): void => {
    for (let looked = 0; looked < SWEPT_PER_BUCKET; looked += 1) {
      const next = sweep.next();
      if (next.done) sweep = buckets.entries();
      else if (next.value[1].fullAt + keptMs() <= now) buckets.delete(next.value[0]);
    }
    if (buckets.size < maxKeys) return;
    const [eldest] = buckets.keys();
    if (eldest !== undefined) buckets.delete(eldest);
  };

  const create = (key: string): Bucket => {
    const now = clock.now() - startedAt;
    forget(now);
    const bucket = { fullAt: now };
    buckets.set(key, bucket);
    return bucket;
  };

  const bucketOf = (key: string): Bucket => buckets.get(key) ?? create(key);

  const takeFrom = (bucket: Bucket): number | null => {
    const now = clock.now() - startedAt;
    // The wall clock may be stepped back: nobody waits longer than an empty bucket takes.
    const from = Math.min(Math.max(bucket.fullAt, now), now + emptyMs);
    const missingMs = from + tokenMs - now - emptyMs;
    if (missingMs > tokenMs * ROUNDING) return Math.max(1, Math.ceil(missingMs));
    bucket.fullAt = from + tokenMs;
    return null;
  };

  return { bucketOf, takeFrom, take: (key) => takeFrom(bucketOf(key)) };
};

/** So many in a minute, all of them at once if need be. */
export const perMinute = (
  count: number,
  clock: Clock,
  more: Pick<RateLimitOptions, 'maxKeys' | 'isSteady'> = {},
): RateLimit =>
  createRateLimit({
    // Less than one a minute still lets the first one through.
    burst: Math.max(1, count),
    refillPerMs: count / 60_000,
    clock,
    ...more,
  });

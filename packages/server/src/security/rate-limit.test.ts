import { createVirtualClock } from '@presence/core/testing';
import * as fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { createRateLimit, perMinute } from './rate-limit.ts';

describe('a rate limit', () => {
  it('lets a burst through, then says when the next token is there', () => {
    const clock = createVirtualClock();
    const limit = createRateLimit({ burst: 3, refillPerMs: 1 / 1000, clock });
    expect([1, 2, 3].map(() => limit.take('a'))).toEqual([null, null, null]);
    expect(limit.take('a')).toBe(1000);
    expect(limit.take('b')).toBeNull();
    clock.jump(999);
    expect(limit.take('a')).toBe(1);
    clock.jump(1);
    expect(limit.take('a')).toBeNull();
    expect(limit.take('a')).toBe(1000);
  });

  it('the burst is exact for any number a minute', () => {
    const clock = createVirtualClock();
    for (let count = 1; count <= 600; count += 7) {
      const limit = perMinute(count, clock);
      clock.jump(count);
      for (let taken = 0; taken < count; taken += 1) expect(limit.take('a')).toBeNull();
      expect(limit.take('a')).toBe(Math.ceil(60_000 / count));
    }
  });

  it('less than one a minute is one now and then', () => {
    const clock = createVirtualClock();
    const limit = perMinute(0.5, clock);
    expect([limit.take('a'), limit.take('a')]).toEqual([null, 120_000]);
    clock.jump(120_000);
    expect(limit.take('a')).toBeNull();
  });

  it('a refused call costs no token', () => {
    const clock = createVirtualClock();
    const limit = perMinute(1, clock);
    limit.take('a');
    for (let calls = 0; calls < 50; calls += 1) expect(limit.take('a')).toBe(60_000);
    clock.jump(60_000);
    expect(limit.take('a')).toBeNull();
  });

  it('never lets more through than burst and refill, whatever the rhythm, and never starves', () => {
    const waits = fc.array(fc.integer({ min: 0, max: 500 }), { maxLength: 200 });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 20 }), waits, (burst, gaps) => {
        const clock = createVirtualClock();
        const limit = createRateLimit({ burst, refillPerMs: 0.01, clock });
        const start = clock.now();
        let passed = 0;
        for (const gap of gaps) {
          clock.jump(gap);
          const wait = limit.take('a');
          if (wait === null) passed += 1;
          else expect(wait).toBeLessThanOrEqual(100);
          expect(passed).toBeLessThanOrEqual(burst + (clock.now() - start) * 0.01 + 1e-6);
        }
        clock.jump(100);
        expect(limit.take('a')).toBeNull();
      }),
    );
  });

  it('a clock that is stepped back makes nobody wait longer than an empty bucket', () => {
    const clock = createVirtualClock();
    const limit = perMinute(2, clock);
    limit.take('a');
    clock.jump(-3_600_000);
    limit.take('a');
    expect(limit.take('a') ?? 0).toBeLessThanOrEqual(60_000);
  });

  it('S20: beyond its bound it forgets the bucket that it knows for longest', () => {
    const clock = createVirtualClock();
    const limit = createRateLimit({ burst: 1, refillPerMs: 1 / 60_000, clock, maxKeys: 2 });
    limit.take('a');
    limit.take('b');
    expect(limit.take('a')).not.toBeNull();
    limit.take('c');
    expect(limit.take('c')).not.toBeNull();
    expect(limit.take('b')).not.toBeNull();
    expect(limit.take('a')).toBeNull();
  });

  it('S20: full buckets are forgotten, also behind one that is in steady use', () => {
    const clock = createVirtualClock();
    const forgotten = vi.spyOn(Map.prototype, 'delete');
    const limit = createRateLimit({ burst: 5, refillPerMs: 0.01, clock });
    for (let index = 0; index < 10_000; index += 1) {
      limit.take('steady');
      limit.take(`key ${index}`);
      clock.jump(100);
    }
    // All but those of the last rounds.
    expect(forgotten.mock.calls.length).toBeGreaterThan(9900);
    forgotten.mockRestore();
  });

  it('a full bucket is found again by a steady key only, and for as long as an empty one takes to fill', () => {
    const clock = createVirtualClock();
    const options = { burst: 5, refillPerMs: 0.01, clock };
    const [plain, steady] = [
      createRateLimit(options),
      createRateLimit({ ...options, isSteady: true }),
    ];
    const isKept = (limit: typeof plain, ms: number): boolean => {
      const bucket = limit.bucketOf('a');
      clock.jump(ms);
      limit.bucketOf(`other ${ms}`);
      return limit.bucketOf('a') === bucket;
    };
    expect([isKept(plain, 100), isKept(steady, 100)]).toEqual([false, true]);
    expect(isKept(steady, 501)).toBe(false);
  });
});

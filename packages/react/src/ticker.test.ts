import { describe, expect, it } from 'vitest';
import { createVirtualClock } from '@presence/core/testing';
import { MINUTE_MS, tickerOf } from './ticker.ts';

describe('the ticker', () => {
  it('wakes all when a minute begins, with one timer', async () => {
    const clock = createVirtualClock({ startAt: 10 * MINUTE_MS + 45_000 });
    const ticker = tickerOf(clock);
    const woken: number[] = [];
    ticker.subscribe(() => woken.push(clock.now()));
    ticker.subscribe(() => woken.push(clock.now()));
    expect(clock.pending()).toBe(1);
    await clock.advance(15_000);
    expect(woken).toEqual([11 * MINUTE_MS, 11 * MINUTE_MS]);
    await clock.advance(MINUTE_MS);
    expect(woken).toHaveLength(4);
    expect(clock.pending()).toBe(1);
  });

  it('S20: runs only while somebody listens', async () => {
    const clock = createVirtualClock();
    const ticker = tickerOf(clock);
    const first = ticker.subscribe(() => {});
    const second = ticker.subscribe(() => {});
    first();
    first();
    expect(clock.pending()).toBe(1);
    second();
    expect(clock.pending()).toBe(0);
    ticker.subscribe(() => {})();
    expect(clock.pending()).toBe(0);
  });

  it('is one for a clock', () => {
    const clock = createVirtualClock();
    expect(tickerOf(clock)).toBe(tickerOf(clock));
    expect(tickerOf(createVirtualClock())).not.toBe(tickerOf(clock));
  });

  it('starts anew after everybody left', async () => {
    const clock = createVirtualClock();
    const ticker = tickerOf(clock);
    ticker.subscribe(() => {})();
    let woken = 0;
    ticker.subscribe(() => (woken += 1));
    await clock.advance(MINUTE_MS);
    expect(woken).toBe(1);
  });
});

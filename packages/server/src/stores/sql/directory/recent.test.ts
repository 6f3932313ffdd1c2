import { createVirtualClock } from '@presence/core/testing';
import { describe, expect, it } from 'vitest';
import { createRecent } from './recent.ts';

describe('what was found a moment ago', () => {
  it('is known for ten seconds', async () => {
    const clock = createVirtualClock();
    const recent = createRecent<number>(clock);
    recent.set('a', 1);
    await clock.advance(9999);
    expect([recent.get('a'), recent.get('b')]).toEqual([1, undefined]);
    await clock.advance(1);
    expect(recent.get('a')).toBeUndefined();
  });

  it('is not known by a clock that was set back', () => {
    let now = 100_000;
    const recent = createRecent<number>({ ...createVirtualClock(), now: () => now });
    recent.set('a', 1);
    now -= 50_000;
    expect(recent.get('a')).toBeUndefined();
  });

  it('is forgotten before it is a thousand names', () => {
    const recent = createRecent<number>(createVirtualClock());
    for (let index = 0; index <= 1000; index += 1) recent.set(`name-${index}`, index);
    expect([recent.get('name-0'), recent.get('name-1000')]).toEqual([undefined, 1000]);
  });
});

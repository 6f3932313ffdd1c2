import { describe, expect, it } from 'vitest';
import { attempt, chain, type Soon } from './soon.ts';

const thenable = (value: number): Promise<number> =>
  // oxlint-disable-next-line unicorn/no-thenable -- what some database clients answer with
  ({ then: (next: (value: number) => unknown) => next(value) }) as unknown as Promise<number>;

describe('chain', () => {
  it('goes on at once with what is there, and later with what is promised', async () => {
    const seen: string[] = [];
    const twice = (given: Soon<number>) =>
      chain(given, (value) => {
        seen.push(`${value}`);
        return value * 2;
      });
    expect(twice(1)).toBe(2);
    const later = twice(Promise.resolve(2));
    expect(seen).toEqual(['1']);
    expect(await later).toBe(4);
    expect(await twice(thenable(3))).toBe(6);
    expect(seen).toEqual(['1', '2', '3']);
  });
});

describe('attempt', () => {
  it('gives what is thrown and what is rejected to the same place', async () => {
    const failing: (() => Soon<string>)[] = [
      () => {
        throw new Error('thrown');
      },
      () => Promise.reject(new Error('rejected')),
      () => chain(Promise.resolve(1), () => Promise.reject(new Error('later'))),
    ];
    const told = failing.map((run) => attempt(run, (error) => (error as Error).message));
    expect(told[0]).toBe('thrown');
    expect([await told[1], await told[2]]).toEqual(['rejected', 'later']);
    expect(attempt(() => 'fine', String)).toBe('fine');
  });
});

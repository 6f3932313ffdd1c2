import { describe, expect, it } from 'vitest';
import { ROW_HEIGHT, scrollTo, windowOf } from './window.ts';

describe('the window on the rows', () => {
  it('draws those in view and a few more, out of a hundred thousand', () => {
    const view = windowOf(50_000 * ROW_HEIGHT, 600, 100_000);
    expect(view).toEqual({ first: 50_000, last: 50_012, from: 49_992, to: 50_020 });
  });

  it('ends where the rows end', () => {
    expect(windowOf(0, 600, 3)).toEqual({ first: 0, last: 2, from: 0, to: 2 });
    expect(windowOf(900, 600, 0)).toEqual({ first: 0, last: 0, from: 0, to: 0 });
    expect(windowOf(10 * ROW_HEIGHT, 600, 10).first).toBe(9);
  });

  it('scrolls to a row by as little as is needed', () => {
    expect(scrollTo(2, 0, 480)).toBe(0);
    expect(scrollTo(10, 0, 480)).toBe(ROW_HEIGHT);
    expect(scrollTo(3, 10 * ROW_HEIGHT, 480)).toBe(3 * ROW_HEIGHT);
  });
});

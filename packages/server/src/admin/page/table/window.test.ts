import { describe, expect, it } from 'vitest';
import { ROW_HEIGHT, scrollTo, showsSame, windowOf } from './window.ts';

describe('the window on the rows', () => {
  it('draws those in view and a few more, out of a hundred thousand', () => {
    const view = windowOf({ scrolled: 50_000 * ROW_HEIGHT, height: 600 }, 100_000);
    expect(view).toEqual({ first: 50_000, last: 50_012, from: 49_992, to: 50_020 });
  });

  it('ends where the rows end', () => {
    expect(windowOf({ scrolled: 0, height: 600 }, 3)).toEqual({
      first: 0,
      last: 2,
      from: 0,
      to: 2,
    });
    expect(windowOf({ scrolled: 900, height: 600 }, 0)).toEqual({
      first: 0,
      last: 0,
      from: 0,
      to: 0,
    });
    expect(windowOf({ scrolled: 10 * ROW_HEIGHT, height: 600 }, 10).first).toBe(9);
  });

  it('is drawn anew only where another row comes into view or goes out of it', () => {
    const view = { scrolled: 100, height: 600 };
    expect(showsSame(view, { scrolled: 119, height: 600 })).toBe(true);
    expect(showsSame(view, { scrolled: 121, height: 600 })).toBe(false);
    expect(showsSame(view, { scrolled: 95, height: 600 })).toBe(false);
    expect(showsSame(view, { scrolled: 100, height: 700 })).toBe(false);
  });

  it('scrolls to a row by as little as is needed', () => {
    expect(scrollTo(2, 0, 480)).toBe(0);
    expect(scrollTo(10, 0, 480)).toBe(ROW_HEIGHT);
    expect(scrollTo(3, 10 * ROW_HEIGHT, 480)).toBe(3 * ROW_HEIGHT);
  });
});

import { describe, expect, it } from 'vitest';
import { shallowEqual } from './shallow-equal.ts';

const shared = {};

describe('shallowEqual', () => {
  it.each([
    [1, 1],
    [Number.NaN, Number.NaN],
    [
      { a: 1, b: shared },
      { b: shared, a: 1 },
    ],
    [
      [1, shared],
      [1, shared],
    ],
    [null, null],
  ])('%o equals %o', (a, b) => {
    expect(shallowEqual(a, b)).toBe(true);
  });

  it.each([
    [0, -0],
    [{ a: {} }, { a: {} }],
    [{ a: undefined }, { b: undefined }],
    [{ a: 1 }, { a: 1, b: 2 }],
    [[], {}],
    [[1], { 0: 1 }],
    [new Set([1]), new Set([1])],
    [new Date(0), new Date(0)],
    [null, {}],
  ])('%o does not equal %o', (a, b) => {
    expect(shallowEqual(a, b)).toBe(false);
  });
});

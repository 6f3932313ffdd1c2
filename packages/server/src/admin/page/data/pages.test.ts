import { describe, expect, it } from 'vitest';
import { someUsers } from '../testing/fake-api.ts';
import { heldBetween, pageOf, pagesBetween, rowsOf, withPage, type Pages } from './pages.ts';

const three: Pages = [
  pageOf(undefined, someUsers(['a', 'b'], '1')),
  pageOf('1', someUsers(['c', 'd'], '2')),
  pageOf('2', someUsers(['e'])),
];

const ids = (pages: Pages): string =>
  rowsOf(pages)
    .between(0, Infinity)
    .map((user) => user?.userId ?? '-')
    .join('');

describe('pages', () => {
  it('grow at their end, and nowhere else', () => {
    const [first, second, third] = three;
    expect(ids(withPage([first!], second!))).toBe('abcd');
    expect(ids(withPage([first!], third!))).toBe('ab');
  });

  it('are put in the place of what they were', () => {
    expect(ids(withPage(three, pageOf('1', someUsers(['x', 'd'], '2'))))).toBe('abxde');
  });

  it('are forgotten behind one that ends elsewhere now, so that nobody is there twice or missing', () => {
    expect(ids(withPage(three, pageOf('1', someUsers(['c', 'cc'], '3'))))).toBe('abccc');
    expect(ids(withPage(three, pageOf('1', someUsers(['c']))))).toBe('abc');
  });

  it('may be empty and still not be the last', () => {
    expect(ids(withPage(three, pageOf('1', someUsers([], '3'))))).toBe('ab');
  });

  it('are found by the rows that they hold', () => {
    const cursors = (first: number, last: number) =>
      pagesBetween(three, first, last).map(({ cursor }) => cursor);
    expect(cursors(0, 1)).toEqual([undefined]);
    expect(cursors(1, 2)).toEqual([undefined, '1']);
    expect(cursors(4, 9)).toEqual(['2']);
  });

  it('far from what is looked at are let go of, and keep their places', () => {
    const held = heldBetween(three, 2, 2);
    expect(ids(held)).toBe('--cd-');
    expect([rowsOf(held).length, rowsOf(held).at(3)?.userId, rowsOf(held).at(5)]).toEqual([
      5,
      'd',
      undefined,
    ]);
    expect(ids(withPage(held, pageOf(undefined, someUsers(['a', 'b'], '1'))))).toBe('abcd-');
  });
});

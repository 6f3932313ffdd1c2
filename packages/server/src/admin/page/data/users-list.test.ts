import { createVirtualClock } from '@presence/core/testing';
import { describe, expect, it } from 'vitest';
import { fakeApi, someUsers } from '../testing/fake-api.ts';
import { ApiError } from './api.ts';
import { createUsersList } from './users-list.ts';

const nameOf = (row: number): string => `u${String(row).padStart(6, '0')}`;

/** A server with many users; a cursor is the row where a page begins. */
const createCrowd = (users: number) => {
  const clock = createVirtualClock();
  const asked: (string | undefined)[] = [];
  const errors: unknown[] = [];
  let failure: ApiError | null = null;
  let secret = 1;
  const api = fakeApi({
    users: async (_query, limit, cursor) => {
      asked.push(cursor);
      if (failure) throw failure;
      const [row = '0', signed = String(secret)] = cursor?.split('/') ?? [];
      if (signed !== String(secret)) throw new ApiError(400, 'invalid_request', 'foreign cursor');
      const from = Number(row);
      const to = Math.min(users, from + limit);
      const names = Array.from({ length: to - from }, (_, index) => nameOf(from + index));
      return someUsers(names, to < users ? `${to}/${secret}` : undefined);
    },
  });
  const list = createUsersList({ api, query: {}, clock, onError: (error) => errors.push(error) });
  list.start();
  return {
    clock,
    list,
    asked,
    errors,
    rows: () => list.listed.read().rows.length,
    at: (row: number) => list.listed.read().rows.at(row)?.userId,
    failWith: (error: ApiError | null) => void (failure = error),
    restart: () => void (secret += 1),
  };
};

describe('the list of users', () => {
  it('loads what is scrolled to, a page before anybody gets there', async () => {
    const { clock, list, rows, asked } = createCrowd(100_000);
    await clock.advance(0);
    expect([rows(), list.listed.read().isComplete]).toEqual([200, false]);
    list.show(40, 60);
    await clock.advance(0);
    expect(asked).toHaveLength(2);
    list.show(180, 200);
    await clock.advance(0);
    expect(rows()).toBe(400);
  });

  it('reaches the end', async () => {
    const { clock, list, rows } = createCrowd(450);
    for (const row of [0, 190, 390, 440]) {
      list.show(row, row + 10);
      await clock.advance(0);
    }
    expect([rows(), list.listed.read().isComplete]).toEqual([450, true]);
  });

  it('S20: lets go of what is far away, and asks for it when somebody comes back', async () => {
    const { clock, list, asked, at } = createCrowd(20_000);
    await clock.advance(0);
    for (let row = 0; row < 20_000; row += 150) {
      list.show(row, row + 20);
      await clock.advance(0);
    }
    const { rows, isComplete } = list.listed.read();
    expect([rows.length, isComplete]).toEqual([20_000, true]);
    const held = rows.between(0, 20_000).filter((user) => user !== undefined);
    expect(held.length).toBeLessThan(6000);
    expect([at(0), at(19_999)]).toEqual([undefined, nameOf(19_999)]);
    asked.length = 0;
    list.show(390, 410);
    await clock.advance(0);
    expect(asked).toEqual(['200/1', '400/1']);
    expect([at(399), at(400), at(19_999)]).toEqual([nameOf(399), nameOf(400), undefined]);
  });

  it('asks again for what is looked at, and for nothing else', async () => {
    const { clock, list, asked } = createCrowd(1000);
    for (const row of [0, 190, 390, 590]) {
      list.show(row, row + 5);
      await clock.advance(0);
    }
    asked.length = 0;
    await clock.advance(10_000);
    expect(asked).toEqual(['400/1']);
  });

  it('begins anew where its cursors are good no more, after a restart', async () => {
    const { clock, list, rows, restart } = createCrowd(1000);
    await clock.advance(0);
    list.show(190, 210);
    await clock.advance(0);
    restart();
    await clock.advance(30_000);
    expect(rows()).toBeGreaterThanOrEqual(400);
    expect(list.listed.read().failure).toBeNull();
  });

  it('keeps what it has while the server is gone, and says what is refused', async () => {
    const { clock, list, rows, failWith } = createCrowd(100);
    await clock.advance(0);
    failWith(new ApiError(0, 'network', 'gone'));
    await clock.advance(60_000);
    expect([rows(), list.listed.read().failure]).toEqual([100, null]);
    failWith(new ApiError(403, 'forbidden', 'This takes the right.'));
    await clock.advance(10_000);
    expect(list.listed.read().failure).toBe('This takes the right.');
    failWith(null);
    await clock.advance(10_000);
    expect([rows(), list.listed.read().failure]).toEqual([100, null]);
  });
});

import { describe, expect, it } from 'vitest';
import { createVirtualClock } from '@presence/core/testing';
import { createAdminUsers, type AdminUsersOptions } from './users-list.ts';

/** A route that knows users by number, two a page unless it is told. */
const setup = (options: Partial<AdminUsersOptions> = {}) => {
  const flush = async (): Promise<void> => {
    for (let turn = 0; turn < 100; turn += 1) await Promise.resolve();
  };
  const clock = createVirtualClock({ flush });
  const asked: string[] = [];
  const page = Object.assign(new EventTarget(), { hidden: false });
  const route = {
    count: 5,
    refusal: null as { readonly status: number; readonly body?: string } | null,
    held: [] as (() => void)[],
    holding: false,
  };
  const answer = (query: URLSearchParams) => {
    const first = Number(query.get('cursor') ?? 0);
    const last = Math.min(route.count, first + Number(query.get('limit') ?? 2));
    const users = [];
    for (let id = first; id < last; id += 1) users.push({ userId: `${query.get('search')}${id}` });
    return { users, asOf: clock.now(), ...(last < route.count && { nextCursor: String(last) }) };
  };
  const send = async (input: unknown, init?: RequestInit): Promise<unknown> => {
    const [path = '', query] = String(input).split('?');
    asked.push(`${path.replace('/presence/admin', '')}?${query}`);
    if (route.holding) await new Promise<void>((resolve) => route.held.push(resolve));
    init?.signal?.throwIfAborted();
    const { status, body = '' } = route.refusal ?? { status: 200 };
    const text = route.refusal ? body : JSON.stringify(answer(new URLSearchParams(query)));
    return {
      ok: status === 200,
      status,
      headers: new Headers(),
      text: async () => text,
      json: async () => JSON.parse(text) as unknown,
    };
  };
  const list = createAdminUsers({
    url: '/presence/',
    fetch: send as typeof fetch,
    testing: { clock, page: page as never },
    ...options,
  });
  const ids = () => list.getState().users.map(({ userId }) => userId);
  return { clock, asked, page, route, list, ids };
};

const nothing = (): void => {};

describe('a list of users for admins', () => {
  it('asks while somebody listens, again each 10 s, and leaves nothing behind', async () => {
    const { clock, asked, list, ids } = setup({ query: { search: 'u', status: 'away' } });
    await clock.advance(60_000);
    expect(asked).toEqual([]);
    const states: unknown[] = [];
    const stop = list.subscribe(() => states.push(list.getState().loading));
    expect(list.getState()).toMatchObject({ loading: true, users: [], asOf: null });
    await clock.advance(1);
    expect(ids()).toEqual(['u0', 'u1']);
    expect(list.getState()).toMatchObject({ loading: false, nextCursor: '2', error: null });
    await clock.advance(25_000);
    expect(asked).toEqual(Array.from({ length: 3 }, () => '/users?search=u&status=away'));
    stop();
    expect(clock.pending()).toBe(0);
    expect(states).toEqual([false, false, false]);
  });

  it('loads more, and asks for all of it from then on', async () => {
    const { clock, asked, list, ids } = setup({ query: { search: 'u' } });
    list.subscribe(nothing);
    await clock.advance(1);
    list.loadMore();
    list.loadMore();
    await clock.advance(1);
    expect(ids()).toEqual(['u0', 'u1', 'u2', 'u3']);
    list.loadMore();
    await clock.advance(1);
    expect(list.getState().nextCursor).toBeNull();
    list.loadMore();
    await clock.advance(10_000);
    expect(ids()).toEqual(['u0', 'u1', 'u2', 'u3', 'u4']);
    expect(asked.length).toBe(6);
  });

  it('begins at a cursor', async () => {
    const { clock, list, ids } = setup({ query: { search: 'u', cursor: '2', limit: 2 } });
    list.subscribe(nothing);
    await clock.advance(10_500);
    expect(ids()).toEqual(['u2', 'u3']);
  });

  it('of what is typed asks for the last, and drops the answer to what was asked before', async () => {
    const { clock, asked, route, list, ids } = setup({ query: { search: 'u' } });
    list.subscribe(nothing);
    await clock.advance(1);
    route.holding = true;
    list.refresh();
    for (const search of ['g', 'gr', 'gra']) list.setQuery({ search });
    expect(list.getState().loading).toBe(true);
    expect(ids()).toEqual(['u0', 'u1']);
    route.holding = false;
    for (const release of route.held) release();
    await clock.advance(300);
    expect(ids()).toEqual(['gra0', 'gra1']);
    expect(asked.slice(2)).toEqual(['/users?search=gra']);
  });

  it('keeps what it has while the server cannot be reached, and asks again', async () => {
    const { clock, route, list, ids } = setup({ query: { search: 'u' } });
    list.subscribe(nothing);
    await clock.advance(1);
    route.refusal = { status: 502, body: '<html>' };
    await clock.advance(10_000);
    expect(list.getState().error?.code).toBe('internal');
    expect(ids()).toEqual(['u0', 'u1']);
    route.refusal = null;
    await clock.advance(10_000);
    expect(list.getState().error).toBeNull();
  });

  it('asks no more where it may not, until it is told to', async () => {
    const { clock, asked, route, list } = setup();
    route.refusal = {
      status: 403,
      body: JSON.stringify({ error: { code: 'forbidden', message: 'no' } }),
    };
    list.subscribe(nothing);
    await clock.advance(60_000);
    expect(list.getState().error).toEqual({ code: 'forbidden', message: 'no' });
    expect(asked.length).toBe(1);
    route.refusal = null;
    list.refresh();
    await clock.advance(1);
    expect(list.getState()).toMatchObject({ error: null, loading: false });
  });

  it('begins anew where its cursor is not good any more', async () => {
    const { clock, route, list, ids } = setup({ query: { search: 'u' } });
    list.subscribe(nothing);
    await clock.advance(1);
    const body = JSON.stringify({ error: { code: 'invalid_request', message: 'cursor' } });
    route.refusal = { status: 400, body };
    list.loadMore();
    await clock.advance(1);
    expect(list.getState().error?.code).toBe('invalid_request');
    route.refusal = null;
    list.refresh();
    await clock.advance(1);
    expect(ids()).toEqual(['u0', 'u1']);
  });

  it('does not ask on a hidden page, and at once when it is shown', async () => {
    const { clock, asked, page, list } = setup();
    list.subscribe(nothing);
    await clock.advance(1);
    page.hidden = true;
    await clock.advance(60_000);
    expect(asked.length).toBe(1);
    page.hidden = false;
    page.dispatchEvent(new Event('visibilitychange'));
    await clock.advance(1);
    expect(asked.length).toBe(2);
  });
});

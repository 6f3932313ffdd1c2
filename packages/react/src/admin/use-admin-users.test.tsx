import { act, cleanup, configure, render, screen } from '@testing-library/react';
import { createElement, StrictMode, useState } from 'react';
import { renderToString } from 'react-dom/server';
import { afterEach, describe, expect, it } from 'vitest';
import { createVirtualClock } from '@presence/core/testing';
import { useAdminUsers } from './index.ts';

Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: true });
configure({ defaultHidden: true });
afterEach(cleanup);

const setup = () => {
  const flush = async (): Promise<void> => {
    for (let turn = 0; turn < 100; turn += 1) await Promise.resolve();
  };
  const clock = createVirtualClock({ flush });
  const asked: string[] = [];
  const send = async (input: unknown): Promise<unknown> => {
    asked.push(String(input));
    const search = new URLSearchParams(String(input).split('?')[1]).get('search');
    const text = JSON.stringify({ users: [{ userId: `${search}-1` }], asOf: 1, nextCursor: 'c' });
    return { ok: true, status: 200, text: async () => text };
  };
  const testing = { clock };
  let search: (text: string) => void = () => {};
  const People = () => {
    const [text, setText] = useState('ada');
    search = setText;
    const { users, loading, loadMore } = useAdminUsers({
      url: '/presence',
      fetch: send as typeof fetch,
      search: text,
      testing,
    });
    return (
      <button type="button" onClick={loadMore}>
        {loading ? 'loading ' : ''}
        {users.map(({ userId }) => userId).join()}
      </button>
    );
  };
  return { clock, asked, People, search: (text: string) => act(() => search(text)) };
};

const text = () => screen.getByRole('button').textContent;

describe('useAdminUsers', () => {
  it('asks once in StrictMode, follows what is searched, and stops when it is unmounted', async () => {
    const { clock, asked, People, search } = setup();
    const view = render(createElement(StrictMode, null, <People />));
    expect(text()).toBe('loading ');
    await act(() => clock.advance(1));
    expect(text()).toBe('ada-1');
    search('bob');
    expect(text()).toBe('loading ada-1');
    await act(() => clock.advance(300));
    expect(text()).toBe('bob-1');
    act(() => screen.getByRole('button').click());
    await act(() => clock.advance(1));
    expect(text()).toBe('bob-1,bob-1');
    view.unmount();
    expect(clock.pending()).toBe(0);
    const before = asked.length;
    await clock.advance(60_000);
    expect(asked.length).toBe(before);
    expect(asked.filter((url) => url.includes('ada')).length).toBeLessThanOrEqual(2);
  });

  it('is rendered by a server as loading', () => {
    const { asked, People } = setup();
    expect(renderToString(<People />)).toContain('loading');
    expect(asked).toEqual([]);
  });
});

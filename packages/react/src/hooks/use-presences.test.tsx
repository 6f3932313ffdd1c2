import { useLayoutEffect } from 'react';
import { act, cleanup } from '@testing-library/react';
import { afterEach, describe, expect, it } from 'vitest';
import type { UserPresence } from '@presence/client';
import { createScriptedClient } from '@presence/client/testing';
import { renderWith } from '../../test-fixtures/render-with.tsx';
import { usePresences } from './use-presences.ts';

afterEach(cleanup);

const setup = (strict = false) => {
  const client = createScriptedClient();
  const seen: (readonly UserPresence[])[] = [];
  const Users = ({ ids }: { ids: readonly string[] }) => {
    seen.push(usePresences(ids));
    return null;
  };
  const view = renderWith(client, <Users ids={['ada', 'bob']} />, { strict });
  return {
    client,
    seen,
    view,
    show: (...ids: string[]) => view.rerender(<Users ids={ids} />),
    shown: () => seen.at(-1)?.map(({ userId, status }) => `${userId} ${status}`),
  };
};

describe('usePresences', () => {
  it('gives one presence for each id, in their order', () => {
    const { client, shown, show } = setup();
    expect(shown()).toEqual(['ada unknown', 'bob unknown']);
    act(() => client.put('bob', { status: 'online' }));
    expect(shown()).toEqual(['ada unknown', 'bob online']);
    show('bob', 'ada', 'bob');
    expect(shown()).toEqual(['bob online', 'ada unknown', 'bob online']);
  });

  it('tells the client only who comes and who goes', () => {
    const { client, show } = setup();
    const before = client.calls.length;
    show('bob', 'cyd');
    expect(client.calls.slice(before)).toEqual(['watch cyd', 'unwatch ada']);
    show('bob', 'cyd');
    expect(client.calls.slice(before)).toHaveLength(2);
  });

  it('is the same frozen array until one of them changes', () => {
    const { client, seen, show } = setup();
    const first = seen.at(-1);
    const renders = seen.length;
    act(() => client.put('somebody else', { status: 'online' }));
    act(() => client.putAgain('ada'));
    expect(seen).toHaveLength(renders);
    show('ada', 'bob');
    expect(seen.at(-1)).toBe(first);
    expect(Object.isFrozen(first)).toBe(true);
    act(() => client.put('ada', { status: 'away' }));
    expect(seen.at(-1)).not.toBe(first);
  });

  it('renders once for changes that come together', () => {
    const { client, seen } = setup();
    const before = seen.length;
    act(() => {
      client.put('ada', { status: 'online' });
      client.put('bob', { status: 'online' });
    });
    expect(seen).toHaveLength(before + 1);
  });

  it('misses nothing that happens between render and watch', () => {
    const client = createScriptedClient();
    const statuses: string[] = [];
    const Late = () => {
      const [ada] = usePresences(['ada']);
      statuses.push(ada?.status ?? 'none');
      useLayoutEffect(() => client.put('ada', { status: 'busy' }), []);
      return null;
    };
    renderWith(client, <Late />);
    expect(statuses.at(-1)).toBe('busy');
  });

  it('leaves nothing behind, in StrictMode too', () => {
    const { client, view, shown } = setup(true);
    expect(client.watched()).toEqual({ ada: 1, bob: 1 });
    act(() => client.put('ada', { status: 'online' }));
    expect(shown()).toEqual(['ada online', 'bob unknown']);
    view.unmount();
    expect(client.watched()).toEqual({});
    expect(client.listeners()).toBe(0);
  });
});

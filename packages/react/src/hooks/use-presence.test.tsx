import { act, cleanup, screen } from '@testing-library/react';
import { afterEach, describe, expect, it } from 'vitest';
import type { UserPresence } from '@presence/client';
import { createScriptedClient } from '@presence/client/testing';
import { renderWith } from '../../test-fixtures/render-with.tsx';
import { usePresence } from './use-presence.ts';

afterEach(cleanup);

const renders: unknown[] = [];
afterEach(() => void renders.splice(0));

const User = ({ id, select }: { id: string; select?: (user: UserPresence) => unknown }) => {
  const seen = usePresence(id, select ?? ((user) => user));
  renders.push(seen);
  return <p data-testid={id}>{usePresence(id).status}</p>;
};

const textOf = (id: string) => screen.getByTestId(id).textContent;

describe('usePresence', () => {
  it('S18: says unknown until the first answer, and is never undefined', () => {
    const client = createScriptedClient();
    renderWith(client, <User id="ada" />);
    expect(textOf('ada')).toBe('unknown');
    act(() => client.put('ada', { status: 'online', version: 1 }));
    expect(textOf('ada')).toBe('online');
    act(() => client.put('ada', { status: 'unknown' }));
    expect(textOf('ada')).toBe('unknown');
  });

  it('shares one watch between hooks, and keeps it while one of them is left', () => {
    const client = createScriptedClient();
    const view = renderWith(client, [<User key="1" id="ada" />, <User key="2" id="ada" />]);
    expect(client.calls.filter((call) => call.includes('ada'))).toEqual(['watch ada']);
    view.rerender([<User key="1" id="ada" />]);
    expect(client.calls).not.toContain('unwatch ada');
    expect(client.calls).not.toContain('stop');
    act(() => client.put('ada', { status: 'busy' }));
    expect(textOf('ada')).toBe('busy');
    view.rerender([]);
    expect(client.calls).toContain('unwatch ada');
  });

  it('follows its user id', () => {
    const client = createScriptedClient();
    client.put('bob', { status: 'away' });
    const view = renderWith(client, <User id="ada" />);
    view.rerender(<User id="bob" />);
    expect(textOf('bob')).toBe('away');
    expect(Object.keys(client.watched())).toEqual(['bob']);
  });

  it('leaves nothing behind, in StrictMode too', () => {
    const client = createScriptedClient();
    const view = renderWith(client, <User id="ada" />, { strict: true });
    expect(client.watched()).toEqual({ ada: 2 });
    act(() => client.put('ada', { status: 'dnd' }));
    expect(textOf('ada')).toBe('dnd');
    view.unmount();
    expect(client.watched()).toEqual({});
    expect(client.listeners()).toBe(0);
  });
});

describe('renders', () => {
  it('not for another user, nor for an answer that says the same', () => {
    const client = createScriptedClient();
    renderWith(client, <User id="ada" />);
    act(() => client.put('ada', { status: 'online' }));
    const before = renders.length;
    act(() => {
      client.put('bob', { status: 'busy' });
      client.putAgain('ada');
      client.putOnline({ cyd: 'online' });
      client.putMe({ status: 'away' });
    });
    expect(renders).toHaveLength(before);
    expect(renders.at(-1)).toBe(client.getPresence('ada'));
  });

  it('only when what is selected has changed, also if it is a new object each time', () => {
    const client = createScriptedClient();
    const Selecting = () => {
      renders.push(usePresence('ada', ({ status, message }) => ({ status, message })));
      return null;
    };
    const view = renderWith(client, <Selecting />);
    act(() => client.put('ada', { status: 'online' }));
    const before = renders.length;
    act(() => client.put('ada', { devices: ['web'], version: 2 }));
    expect(renders).toHaveLength(before);
    act(() => client.put('ada', { message: 'Lunch' }));
    expect(renders.at(-1)).toEqual({ status: 'online', message: 'Lunch' });
    const selected = renders.at(-1);
    view.rerender(<Selecting />);
    expect(renders.at(-1)).toBe(selected);
  });

  it('with a selector that changes between renders', () => {
    const client = createScriptedClient();
    client.put('ada', { status: 'busy', message: 'Lunch' });
    const view = renderWith(client, <User id="ada" select={(user) => user.status} />);
    view.rerender(<User id="ada" select={(user) => user.message} />);
    expect(renders.at(-1)).toBe('Lunch');
  });
});

import { act, cleanup, screen } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createScriptedClient } from '@presence/client/testing';
import { renderWith } from '../../test-fixtures/render-with.tsx';
import { useVisiblePresence } from './use-visible-presence.ts';

/** A browser's eye: what it sees is what the test says. */
const eye = {
  told: (_entries: readonly { target: Element; isIntersecting: boolean }[]): void => undefined,
  looksAt: new Set<Element>(),
  options: {} as IntersectionObserverInit,
};

class Eye {
  constructor(told: typeof eye.told, options: IntersectionObserverInit) {
    eye.told = told;
    eye.options = options;
  }
  observe = (element: Element): void => void eye.looksAt.add(element);
  unobserve = (element: Element): void => void eye.looksAt.delete(element);
}

beforeEach(() => vi.stubGlobal('IntersectionObserver', Eye));
afterEach(cleanup);
afterEach(() => vi.unstubAllGlobals());

const Row = ({ id }: { id: string }) => {
  const [ref, { status }] = useVisiblePresence<HTMLLIElement>(id);
  return (
    <li ref={ref} data-testid={id}>
      {status}
    </li>
  );
};

const row = (id: string): HTMLElement => screen.getByTestId(id);
const scroll = (id: string, isIntersecting: boolean): void =>
  act(() => eye.told([{ target: row(id), isIntersecting }]));

describe('useVisiblePresence', () => {
  it('watches a row while it is on screen, and shows what was last known afterwards', () => {
    const client = createScriptedClient({ users: { ada: { status: 'away' } } });
    renderWith(client, [<Row key="1" id="ada" />, <Row key="2" id="bob" />]);
    expect(client.watched()).toEqual({});
    scroll('ada', true);
    expect(client.watched()).toEqual({ ada: 1 });
    expect(row('ada').textContent).toBe('away');
    act(() => client.put('ada', { status: 'busy' }));
    expect(row('ada').textContent).toBe('busy');
    scroll('ada', false);
    scroll('bob', true);
    expect(client.watched()).toEqual({ bob: 1 });
    expect(row('ada').textContent).toBe('busy');
  });

  it('looks ahead, in a window that scrolls and in a box that does', () => {
    renderWith(createScriptedClient(), <Row id="ada" />);
    expect(eye.options).toEqual({ rootMargin: '200px', scrollMargin: '200px' });
  });

  it('follows its user, and leaves nothing behind, in StrictMode too', () => {
    const client = createScriptedClient();
    const view = renderWith(client, <Row id="ada" />, { strict: true });
    scroll('ada', true);
    view.rerender(<Row id="bob" />);
    scroll('bob', true);
    expect(client.watched()).toEqual({ bob: 1 });
    view.unmount();
    expect(client.watched()).toEqual({});
    expect(client.listeners()).toBe(0);
    expect(eye.looksAt.size).toBe(0);
  });

  it('watches every row where the browser cannot tell what is on screen', () => {
    vi.stubGlobal('IntersectionObserver', undefined);
    const client = createScriptedClient();
    const view = renderWith(client, <Row id="ada" />);
    expect(client.watched()).toEqual({ ada: 1 });
    view.unmount();
    expect(client.watched()).toEqual({});
  });
});

import { act, cleanup, screen } from '@testing-library/react';
import { afterEach, describe, expect, it } from 'vitest';
import { createScriptedClient } from '@presence/client/testing';
import { renderWith } from '../../test-fixtures/render-with.tsx';
import { AvatarStack } from '../index.ts';

afterEach(cleanup);

const NAMES: Readonly<Record<string, string>> = { ada: 'Ada Lovelace', bob: 'Bob' };
const getName = (id: string): string => NAMES[id] ?? id;

describe('AvatarStack', () => {
  it('shows the first ones with name and status in words, and how many more there are', () => {
    const client = createScriptedClient({ users: { ada: { status: 'busy' } } });
    const userIds = ['ada', 'bob', 'cy', 'dan'];
    renderWith(client, <AvatarStack userIds={userIds} getName={getName} limit={2} />);
    const [ada, bob, rest] = screen.getAllByRole('listitem');
    expect(ada!.title).toBe('Ada Lovelace');
    expect(ada!.textContent).toContain('AL');
    expect(ada!.querySelector('svg')!.getAttribute('aria-label')).toBe('Busy');
    expect(bob!.dataset['status']).toBe('unknown');
    expect(rest!.textContent).toBe('+2and 2 more');
    act(() => client.put('bob', { status: 'online' }));
    expect(bob!.dataset['status']).toBe('online');
  });

  it('watches only those who are shown', () => {
    const client = createScriptedClient();
    const view = renderWith(client, <AvatarStack userIds={['ada', 'bob', 'cy']} limit={2} />);
    expect(client.watched()).toEqual({ ada: 1, bob: 1 });
    view.rerender(<AvatarStack userIds={['cy']} />);
    expect(client.watched()).toEqual({ cy: 1 });
    expect(screen.queryByText(/more/)).toBeNull();
  });
});

import { act, cleanup, fireEvent, screen } from '@testing-library/react';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { createVirtualClock } from '@presence/core/testing';
import type { ShownStatus } from '@presence/client';
import { createScriptedClient } from '@presence/client/testing';
import { renderWith } from '../../test-fixtures/render-with.tsx';
import {
  LastSeen,
  OnlineUsersList,
  PresenceDot,
  UserStatusIndicator,
  type ListedUser,
} from '../index.ts';

afterEach(cleanup);

const MINUTE = 60_000;
const STATUSES: ShownStatus[] = ['online', 'away', 'busy', 'dnd', 'offline', 'unknown'];

describe('PresenceDot', () => {
  it('has a name and a shape of its own for each status', () => {
    renderWith(
      createScriptedClient(),
      STATUSES.map((status) => <PresenceDot key={status} status={status} />),
    );
    const dots = screen.getAllByRole('img');
    expect(dots.map((dot) => dot.getAttribute('aria-label'))).toEqual([
      'Online',
      'Away',
      'Busy',
      'Do not disturb',
      'Offline',
      'Status unknown',
    ]);
    expect(new Set(dots.map((dot) => dot.innerHTML)).size).toBe(STATUSES.length);
  });

  it('is silent where the words stand beside it', () => {
    renderWith(createScriptedClient(), <PresenceDot status="busy" label={null} />);
    expect(screen.queryByRole('img')).toBeNull();
  });
});

describe('UserStatusIndicator', () => {
  it('names the status and what the user says', () => {
    const client = createScriptedClient();
    renderWith(client, <UserStatusIndicator userId="ada" size={14} />);
    expect(screen.getByRole('img', { name: 'Status unknown' }).getAttribute('width')).toBe('14');
    act(() => client.put('ada', { status: 'busy', message: 'Lunch', emoji: '🍜' }));
    screen.getByRole('img', { name: 'Busy, 🍜 Lunch' });
  });

  it('shows it in words with showText, and says it once', () => {
    const client = createScriptedClient();
    client.put('ada', { status: 'dnd', message: 'Deep work' });
    const { container } = renderWith(client, <UserStatusIndicator userId="ada" showText />);
    expect(container.textContent).toBe('Do not disturbDeep work');
    expect(screen.queryByRole('img')).toBeNull();
  });

  it('takes other texts', () => {
    const client = createScriptedClient();
    const status = Object.fromEntries(STATUSES.map((name) => [name, `<${name}>`])) as Record<
      ShownStatus,
      string
    >;
    renderWith(client, <UserStatusIndicator userId="ada" showText texts={{ status }} />);
    screen.getByText('<unknown>');
  });
});

describe('LastSeen', () => {
  const setup = (presence: Parameters<ReturnType<typeof createScriptedClient>['put']>[1]) => {
    const clock = createVirtualClock({ startAt: 1_800_000_000_000 });
    const client = createScriptedClient();
    client.put('ada', presence);
    const view = renderWith(client, <LastSeen userId="ada" />, { clock });
    return { clock, client, ...view, text: () => view.container.textContent };
  };
  const start = 1_800_000_000_000;

  it.each([
    ['unknown', {}, 'Last seen unknown'],
    ['never seen', { status: 'offline', version: 0 }, 'Never seen'],
    ['seen at a time that is not told', { status: 'offline', version: 1 }, 'Last seen unknown'],
    ['online', { status: 'online' }, 'Active now'],
    ['busy', { status: 'busy' }, 'Active now'],
    ['away by claim', { status: 'away' }, 'Active now'],
    ['away', { status: 'away', lastActiveAt: start - 7 * MINUTE }, 'Active 7 minutes ago'],
    ['offline', { status: 'offline', lastSeenAt: start - 90 * MINUTE }, 'Last seen 1 hour ago'],
  ] as const)('%s', (_case, presence, text) => {
    expect(setup(presence).text()).toBe(text);
  });

  it('moves on with time, and says the instant', async () => {
    const { clock, text, container } = setup({ status: 'offline', lastSeenAt: start - 30_000 });
    expect(text()).toBe('Last seen just now');
    await act(() => clock.advance(MINUTE));
    expect(text()).toBe('Last seen 1 minute ago');
    await act(() => clock.advance(60 * MINUTE));
    expect(text()).toBe('Last seen 1 hour ago');
    expect(container.querySelector('time')?.dateTime).toBe('2027-01-15T07:59:30.000Z');
  });

  it('S17: told the day alone, it says no time of that day', () => {
    const { text, container } = setup({ status: 'offline', lastSeenAt: Date.UTC(2027, 0, 15) });
    expect(text()).toBe('Last seen today');
    const time = container.querySelector('time');
    expect([time?.dateTime, time?.title]).toEqual(['2027-01-15', 'Jan 15, 2027']);
  });

  it('S16: is never to come, where the own clock is behind', () => {
    const { text } = setup({
      status: 'offline',
      lastSeenAt: start + 5 * MINUTE,
      asOf: start + 8 * MINUTE,
    });
    expect(text()).toBe('Last seen 3 minutes ago');
  });

  it('S20: holds one timer for all, and none when all are gone', () => {
    const clock = createVirtualClock();
    const client = createScriptedClient();
    const view = renderWith(
      client,
      ['ada', 'bob', 'cyd'].map((userId) => <LastSeen key={userId} userId={userId} />),
      { clock, strict: true },
    );
    expect(clock.pending()).toBe(1);
    view.unmount();
    expect(clock.pending()).toBe(0);
  });

  it('shows nothing of somebody who is there, if wanted', () => {
    const client = createScriptedClient();
    client.put('ada', { status: 'online' });
    const view = renderWith(client, <LastSeen userId="ada" whilePresent="nothing" />);
    expect(view.container.innerHTML).toBe('');
  });
});

describe('OnlineUsersList', () => {
  const names: Record<string, string> = { u1: 'Zoe', u2: 'Ada', u3: 'Bob', u4: 'Cyd' };
  const getName = (userId: string) => names[userId] ?? userId;
  const shown = () => screen.getAllByRole('listitem').map((item) => item.textContent);

  it('waits, then says that nobody is there', () => {
    const client = createScriptedClient();
    const view = renderWith(client, <OnlineUsersList />);
    expect(view.container.querySelector('[aria-busy]')?.textContent).toBe(
      'Finding out who is online',
    );
    act(() => client.putOnline({}));
    screen.getByText('Nobody is online right now');
    screen.getByRole('region', { name: 'Online 0' });
  });

  it('lists the most present first, then by name', () => {
    const client = createScriptedClient();
    client.putOnline({ u1: 'online', u2: 'away', u3: 'dnd', u4: 'online' });
    renderWith(client, <OnlineUsersList getName={getName} renderUser={({ name }) => name} />);
    expect(shown()).toEqual(['Cyd', 'Zoe', 'Ada', 'Bob']);
    screen.getByRole('list');
    screen.getByRole('region', { name: 'Online 4' });
  });

  it('names each status', () => {
    const client = createScriptedClient();
    client.putOnline({ u1: 'online', u2: 'away' });
    renderWith(client, <OnlineUsersList getName={getName} />);
    expect(screen.getAllByRole('img').map((dot) => dot.getAttribute('aria-label'))).toEqual([
      'Online',
      'Away',
    ]);
  });

  it('stops at its limit and shows more at request', () => {
    const client = createScriptedClient();
    client.putOnline({ u1: 'online', u2: 'online', u3: 'online', u4: 'online', u5: 'online' });
    renderWith(client, <OnlineUsersList limit={2} renderUser={({ name }) => name} />);
    expect(shown()).toEqual(['u1', 'u2']);
    fireEvent.click(screen.getByRole('button', { name: 'and 3 more' }));
    expect(shown()).toEqual(['u1', 'u2', 'u3', 'u4']);
    fireEvent.click(screen.getByRole('button', { name: 'and 1 more' }));
    expect(shown()).toHaveLength(5);
    expect(screen.queryByRole('button')).toBeNull();
  });

  it('S18: shows unknown, and no count, while its data is too old', () => {
    const client = createScriptedClient();
    client.putOnline({ u1: 'online' });
    vi.spyOn(client, 'getOnline').mockReturnValue({ ...client.getOnline(), synced: false });
    renderWith(client, <OnlineUsersList />);
    screen.getByRole('img', { name: 'Status unknown' });
    screen.getByRole('region', { name: 'Online' });
  });

  it('S18: says that it is not connected when the client is stopped for good, and waits no more', () => {
    const client = createScriptedClient();
    const view = renderWith(client, <OnlineUsersList />);
    const stop = () =>
      act(() =>
        client.putConnection({
          status: 'stopped',
          error: { code: 'unauthenticated', message: 'The server answered 401.' },
        }),
      );
    stop();
    screen.getByText('Not connected');
    expect(view.container.querySelector('[aria-busy]')).toBeNull();
    act(() => client.putConnection({ status: 'connected' }));
    act(() => client.putOnline({ u1: 'online' }));
    expect(screen.getAllByRole('listitem')).toHaveLength(1);
    vi.spyOn(client, 'getOnline').mockReturnValue({ ...client.getOnline(), synced: false });
    stop();
    expect(screen.queryByRole('listitem')).toBeNull();
    screen.getByText('Not connected');
  });

  it('renders only whom a change is about', () => {
    const client = createScriptedClient();
    client.putOnline({ u1: 'online', u2: 'online', u3: 'online' });
    const rendered: string[] = [];
    const renderUser = ({ userId, status }: ListedUser) => {
      rendered.push(userId);
      return status;
    };
    renderWith(client, <OnlineUsersList renderUser={renderUser} />);
    rendered.splice(0);
    act(() => client.putOnline({ u1: 'online', u2: 'away', u3: 'online' }));
    expect(rendered).toEqual(['u2']);
    act(() => client.putOnline({ u1: 'online', u3: 'online' }));
    expect(rendered).toEqual(['u2']);
  });
});

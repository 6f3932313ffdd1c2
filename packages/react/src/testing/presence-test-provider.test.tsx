import { StrictMode, type ReactNode } from 'react';
import { act, cleanup, render, screen } from '@testing-library/react';
import { afterEach, describe, expect, it } from 'vitest';
import { createScriptedClient } from '@presence/client/testing';
import '../../test-fixtures/render-with.tsx';
import {
  TypingIndicator,
  useMyPresence,
  useOnlineCount,
  usePresence,
  useRoom,
  UserStatusIndicator,
} from '../index.ts';
import { PresenceTestProvider } from './index.ts';

afterEach(cleanup);

const Team = (): ReactNode => {
  const { presence, setStatus } = useMyPresence();
  return (
    <>
      <p>
        {[
          usePresence('ada').status,
          usePresence('eve').status,
          presence.status,
          useOnlineCount(),
        ].join(' ')}
      </p>
      <UserStatusIndicator userId="ada" showText />
      <button onClick={() => void setStatus('dnd')}>Quiet</button>
    </>
  );
};

const shown = (): string | null => document.querySelector('p')!.textContent;

describe('presence that is as a test says', () => {
  it('is there at once, with everybody else offline', () => {
    render(
      <PresenceTestProvider users={{ ada: { status: 'busy', message: 'Lunch' } }}>
        <Team />
      </PresenceTestProvider>,
    );
    expect(shown()).toBe('busy offline online 2');
    expect(screen.getByText(/Lunch/)).toBeTruthy();
  });

  it('follows what it is given, in StrictMode as well', () => {
    const of = (users: Parameters<typeof PresenceTestProvider>[0]['users']): ReactNode => (
      <StrictMode>
        <PresenceTestProvider {...(users && { users })} me={{ userId: 'bob', status: 'away' }}>
          <Team />
        </PresenceTestProvider>
      </StrictMode>
    );
    const { rerender } = render(of({ ada: { status: 'busy' }, eve: { status: 'online' } }));
    expect(shown()).toBe('busy online away 3');
    rerender(of({ eve: { status: 'away' } }));
    expect(shown()).toBe('offline away away 2');
  });

  it('takes an own status, as a server would', async () => {
    render(
      <PresenceTestProvider>
        <Team />
      </PresenceTestProvider>,
    );
    await act(async () => screen.getByText('Quiet').click());
    expect(shown()).toBe('offline offline dnd 1');
  });

  it('follows a script', () => {
    const client = createScriptedClient({ users: { ada: { status: 'online' } } });
    render(
      <PresenceTestProvider client={client}>
        <Team />
      </PresenceTestProvider>,
    );
    expect(shown()).toBe('online unknown unknown 1');
    act(() => client.put('ada', { status: 'away' }));
    expect(shown()).toBe('away unknown unknown 1');
  });

  it('has rooms, in which those are who are there', () => {
    const Channel = (): ReactNode => {
      const { members, count, synced } = useRoom('general');
      const names = members.map(({ userId, status }) => `${userId} ${status}`);
      return (
        <>
          <p>{[...names, count, synced].join(', ')}</p>
          <TypingIndicator room="general" />
        </>
      );
    };
    type Rooms = Parameters<typeof PresenceTestProvider>[0]['rooms'];
    const of = (rooms: Rooms): ReactNode => (
      <PresenceTestProvider users={{ ada: { status: 'busy' } }} {...(rooms && { rooms })}>
        <Channel />
      </PresenceTestProvider>
    );
    const { rerender } = render(of({ general: { members: ['ada', 'eve'], typing: ['ada'] } }));
    expect(shown()).toBe('ada busy, 1, true');
    expect(screen.getByRole('status').textContent).toBe('ada is typing…');
    const guest = { userId: 'bob', status: 'away', version: 1, meta: ['page 2'] } as const;
    rerender(of({ general: { members: ['ada', guest] } }));
    expect(shown()).toBe('ada busy, bob away, 2, true');
    expect(screen.getByRole('status').textContent).toBe('');
    rerender(of(undefined));
    expect(shown()).toBe('0, true');
  });

  it('follows those in a room as they change', () => {
    const client = createScriptedClient({ users: { ada: { status: 'online' } } });
    const Members = (): ReactNode => (
      <p>
        {useRoom('general')
          .members.map(({ userId, status }) => `${userId} ${status}`)
          .join()}
      </p>
    );
    render(
      <PresenceTestProvider client={client}>
        <Members />
      </PresenceTestProvider>,
    );
    act(() => client.putRoom('general', { members: ['ada'] }));
    expect(shown()).toBe('ada online');
    act(() => client.put('ada', { status: 'dnd' }));
    expect(shown()).toBe('ada dnd');
    act(() => client.put('ada', { status: 'offline' }));
    expect(shown()).toBe('');
  });
});

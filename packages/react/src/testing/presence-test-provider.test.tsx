import { StrictMode, type ReactNode } from 'react';
import { act, cleanup, render, screen } from '@testing-library/react';
import { afterEach, describe, expect, it } from 'vitest';
import { createScriptedClient } from '@presence/client/testing';
import '../../test-fixtures/render-with.tsx';
import { useMyPresence, useOnlineCount, usePresence, UserStatusIndicator } from '../index.ts';
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
});

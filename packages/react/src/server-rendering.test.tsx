import { act, cleanup } from '@testing-library/react';
import { hydrateRoot } from 'react-dom/client';
import { renderToString } from 'react-dom/server';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { createVirtualClock } from '@presence/core/testing';
import { createScriptedClient, type ScriptedClient } from '@presence/client/testing';
import '../test-fixtures/render-with.tsx';
import {
  LastSeen,
  OnlineUsersList,
  PresenceProvider,
  StatusPicker,
  useConnection,
  useIdle,
  useOnlineCount,
  usePresence,
  usePresences,
  UserStatusIndicator,
} from './index.ts';

afterEach(cleanup);
afterEach(() => vi.restoreAllMocks());

const Hooks = () => {
  const selected = usePresence('ada', ({ status, message }) => ({ status, message }));
  const [bob] = usePresences(['bob']);
  return (
    <p>
      {[
        selected.status,
        bob?.status,
        useConnection().status,
        useIdle().idle,
        useOnlineCount(),
      ].join()}
    </p>
  );
};

const clock = createVirtualClock();

const App = ({ client }: { client: ScriptedClient }) => (
  <PresenceProvider client={client} testing={{ clock }}>
    <Hooks />
    <UserStatusIndicator userId="ada" showText />
    <LastSeen userId="eve" />
    <OnlineUsersList />
    <StatusPicker />
  </PresenceProvider>
);

/** A client that knows everything already when the page is taken over. */
const informed = (): ScriptedClient => {
  const client = createScriptedClient();
  client.put('ada', { status: 'busy', message: 'Lunch' });
  client.put('bob', { status: 'away' });
  client.put('eve', { status: 'offline', lastSeenAt: clock.now() - 3_600_000 });
  client.putMe({ userId: 'me', status: 'online' });
  client.putOnline({ ada: 'busy', bob: 'away' });
  client.putIdle({ idle: true, since: 1 });
  return client;
};

describe('server rendering', () => {
  it('S18: shows unknown, whatever the client of the server knows, and does nothing else', () => {
    const client = informed();
    const html = renderToString(<App client={client} />);
    expect(html).toContain('unknown,unknown,idle,false,');
    expect(html).toContain('Last seen unknown');
    expect(html).not.toContain('Lunch');
    expect(client.calls).toEqual([]);
    expect(client.listeners()).toBe(0);
  });

  it('is taken over without a mismatch, and then shows what is known', async () => {
    const errors = vi.spyOn(console, 'error');
    const page = document.createElement('div');
    page.innerHTML = renderToString(<App client={createScriptedClient()} />);
    const recovered: unknown[] = [];
    const client = informed();
    const root = await act(async () =>
      hydrateRoot(page, <App client={client} />, {
        onRecoverableError: (error) => void recovered.push(error),
      }),
    );
    expect(recovered).toEqual([]);
    expect(errors).not.toHaveBeenCalled();
    expect(page.textContent).toContain('busy,away,connected,true,2');
    expect(page.textContent).toContain('Last seen 1 hour ago');
    await act(async () => root.unmount());
    expect(client.listeners()).toBe(0);
    expect(clock.pending()).toBe(0);
  });
});

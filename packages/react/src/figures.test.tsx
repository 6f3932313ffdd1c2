// What is promised as figures and needs no stopwatch: how much is rendered, and that nothing is left behind.
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { act, cleanup, render } from '@testing-library/react';
import { afterEach, describe, expect, it } from 'vitest';
import { createPresenceClient } from '@presence/client';
import { createScriptedServer, createVirtualBrowser } from '@presence/client/testing';
import { createSeededRandom, createVirtualClock } from '@presence/core/testing';
import { renderWith } from '../test-fixtures/render-with.tsx';
import {
  PresenceProvider,
  useMyPresence,
  useOnlineCount,
  usePresence,
  usePresences,
} from './index.ts';

afterEach(cleanup);

const flush = async (): Promise<void> => {
  for (let turn = 0; turn < 150; turn += 1) await Promise.resolve();
};

const setup = () => {
  const clock = createVirtualClock({ flush });
  const server = createScriptedServer({ clock });
  const random = createSeededRandom(1);
  const browser = createVirtualBrowser({ clock, network: server.network('me'), random });
  const tab = browser.openTab();
  const client = createPresenceClient({ url: '/presence', userId: 'me', ...tab.options });
  return {
    clock,
    server,
    browser,
    tab,
    client,
    pass: (ms: number) => act(() => clock.advance(ms)),
  };
};

describe('renders', () => {
  it('three components for a frame with a hundred changes of which three are on screen', async () => {
    const { client, server, pass } = setup();
    const rendered: string[] = [];
    const User = ({ id }: { readonly id: string }) => {
      rendered.push(`${id} ${usePresence(id).status}`);
      return null;
    };
    const ids = Array.from({ length: 200 }, (_, index) => `user-${index}`);
    // Everybody is watched, as by a list of which three rows are seen.
    client.watch(ids);
    renderWith(
      client,
      ['user-1', 'user-50', 'user-99', 'user-150'].map((id) => <User key={id} id={id} />),
    );
    await pass(1000);
    rendered.length = 0;
    const rows = ids.slice(0, 100).map((id) => [id, 'busy', 9e12, 9e12, null] as const);
    server.say({ type: 'changes', presences: rows, asOf: 9e12 });
    await pass(1);
    expect(client.getPresence('user-0').status).toBe('busy');
    expect(rendered).toEqual(['user-1 busy', 'user-50 busy', 'user-99 busy']);
  });
});

describe('a thousand mounts and unmounts', () => {
  const heapUsed = (): number => {
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc') as () => void;
    collect();
    collect();
    return process.memoryUsage().heapUsed;
  };

  it('leave no timer, listener, lock, channel or socket, and the heap as it was', async () => {
    const { clock, client, server, browser, tab } = setup();
    const Everything = () => {
      usePresences(['ada', 'bob']);
      useMyPresence();
      useOnlineCount();
      return <p>{usePresence('ada').status}</p>;
    };
    const mount = async (): Promise<void> => {
      const view = render(
        <PresenceProvider client={client} testing={{ clock }}>
          <Everything />
        </PresenceProvider>,
      );
      await act(() => clock.advance(20));
      view.unmount();
      cleanup();
      await act(() => clock.advance(20));
      server.frames.length = 0;
      server.requests.length = 0;
    };
    for (let turn = 0; turn < 200; turn += 1) await mount();
    const before = heapUsed();
    for (let turn = 0; turn < 1000; turn += 1) await mount();
    const bytes = heapUsed() - before;
    expect(tab.leftovers()).toEqual({ timers: 0, listeners: 0, sockets: 0 });
    expect(browser.leftovers()).toEqual({ locks: 0, channels: 0 });
    expect(server.sockets()).toBe(0);
    // The server's own, for the grace of the last session.
    await clock.advance(600_000);
    expect(clock.pending()).toBe(0);
    // What a client is made of, kept once for each, would be ten times as much.
    expect(bytes / 1000).toBeLessThan(2000);
  }, 120_000);
});

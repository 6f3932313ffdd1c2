import { act, cleanup, fireEvent, screen, within } from '@testing-library/react';
import { afterEach, describe, expect, it } from 'vitest';
import { createPresenceClient, type PresenceClientOptions } from '@presence/client';
import {
  createScriptedClient,
  createScriptedServer,
  createVirtualBrowser,
} from '@presence/client/testing';
import { createSeededRandom, createVirtualClock } from '@presence/core/testing';
import { renderWith } from '../../test-fixtures/render-with.tsx';
import { createRecording, PresenceDevtools } from './index.ts';

afterEach(cleanup);

const flush = async (): Promise<void> => {
  for (let turn = 0; turn < 150; turn += 1) await Promise.resolve();
};

/** A page with the panel in it, over the real client. */
const setup = (more: Partial<PresenceClientOptions> = {}, fetchInstead?: typeof fetch) => {
  const clock = createVirtualClock({ flush });
  const server = createScriptedServer({ clock });
  const random = createSeededRandom(1);
  const browser = createVirtualBrowser({ clock, network: server.network('me'), random });
  const recording = createRecording({ clock });
  const { options } = browser.openTab();
  const client = createPresenceClient(
    recording.options({
      url: '/presence',
      userId: 'me',
      ...options,
      ...(fetchInstead && { fetch: fetchInstead }),
      ...more,
    }),
  );
  const view = renderWith(client, <PresenceDevtools recording={recording} defaultOpen />);
  return {
    server,
    client,
    recording,
    view,
    pass: (ms: number) => act(() => clock.advance(ms)),
    types: () => recording.read().frames.map(({ way, type }) => `${way} ${type}`),
  };
};

const section = (name: string | RegExp) => within(screen.getByRole('region', { name }));

describe('the devtools panel', () => {
  it('shows the connection, the session, what is watched and the last frames', async () => {
    const { client, server, pass, types } = setup();
    server.set('ada', { status: 'busy' });
    client.watch(['ada', 'bob']);
    client.watchOnline();
    await pass(10);
    section('Connection').getByText('connected');
    section('Connection').getByText('websocket');
    section('Session').getByText('me');
    section('Session').getByText(/of the server that holds the link, which pings each 25 s/);
    expect(
      section('Watches')
        .getAllByRole('row')
        .map(({ textContent }) => textContent),
    ).toEqual(['watchofusers', 'users-0users2', 'onlineeverybodyall']);
    expect(types()).toEqual(
      expect.arrayContaining(['in POST /ticket', 'out hello', 'in welcome', 'out watch']),
    );
    section(/Frames/).getByText(/ada busy, bob offline/);
  });

  it('keeps texts and tokens out', async () => {
    const { client, server, pass, recording, view } = setup();
    client.watch(['ada']);
    await pass(10);
    server.set('ada', { status: 'busy', message: 'to-the-dentist', emoji: '🦷' });
    const saved = client.setStatus('dnd', { message: 'my-secret-plan' });
    await pass(200);
    await saved;
    const seen = JSON.stringify(recording.read()) + view.container.textContent;
    expect(seen).toContain('ada busy');
    expect(seen).toContain('status dnd');
    for (const { frame } of server.frames) {
      if (frame.type === 'hello') expect(seen).not.toContain(frame.ticket);
    }
    expect(seen).not.toMatch(/dentist|secret-plan|🦷|oken/);
  });

  it('shows over HTTP whose lease it is, and when the next beat comes', async () => {
    const { pass, types } = setup({ transport: 'http' });
    await pass(10);
    section('Connection').getByText('http');
    section('Session').getByText(/^its own, 120 s, next beat at \d\d:\d\d:/);
    expect(types()).toContain('in POST /heartbeat');
  });

  it('keeps the last hundred, and can be paused and cleared', async () => {
    const { client, pass, recording } = setup();
    await pass(10);
    fireEvent.click(screen.getByRole('button', { name: 'Pause' }));
    const before = section(/Frames/).getAllByRole('row').length;
    for (let user = 0; user < 60; user += 1) {
      client.watch([`user-${user}`]);
      await pass(1100);
    }
    expect(recording.read().frames.length).toBe(100);
    expect(section(/Frames/).getAllByRole('row').length).toBe(before);
    fireEvent.click(screen.getByRole('button', { name: 'Pause' }));
    expect(section(/Frames/).getAllByRole('row').length).toBe(101);
    fireEvent.click(screen.getByRole('button', { name: 'Clear' }));
    expect(section(/Frames/).getAllByRole('row').length).toBe(1);
  });

  it('is opened and closed by keys, and gives the focus back', () => {
    renderWith(createScriptedClient(), <PresenceDevtools />);
    const toggle = screen.getByRole('button', { name: /Presence:/ });
    expect(toggle.getAttribute('aria-expanded')).toBe('false');
    fireEvent.click(toggle);
    const panel = screen.getByRole('complementary', { name: 'Presence devtools' });
    expect(toggle.getAttribute('aria-controls')).toBe(panel.id);
    fireEvent.keyDown(panel, { key: 'Escape' });
    expect(screen.queryByRole('complementary')).toBeNull();
    expect(document.activeElement).toBe(toggle);
  });
});

describe('explain in the panel', () => {
  const ask = async (answer: () => Response) => {
    const asked: string[] = [];
    const { pass } = setup({}, async (input) => {
      asked.push(input as string);
      return answer();
    });
    fireEvent.change(screen.getByLabelText('User id'), { target: { value: 'a/b' } });
    fireEvent.click(screen.getByRole('button', { name: 'Explain' }));
    await pass(10);
    expect(asked).toContain('/presence/admin/users/a%2Fb');
    return section('Explain').getByRole('status').textContent;
  };

  it('says what the server says', async () => {
    const explanation = { sentences: ['Away: idle for 7 minutes.', 'Offline in 23 minutes.'] };
    const said = await ask(() => Response.json({ explanation }));
    expect(said).toBe('Away: idle for 7 minutes.Offline in 23 minutes.');
  });

  it.each([
    [403, /You may not ask for it/],
    [404, /has no admin routes/],
    [500, /answered 500/],
  ])('says why it cannot: %i', async (status, text) => {
    expect(await ask(() => new Response('', { status }))).toMatch(text);
  });

  it('says so where nobody answers', async () => {
    expect(
      await ask(() => {
        throw new TypeError('Failed to fetch');
      }),
    ).toMatch(/Failed to fetch/);
  });
});

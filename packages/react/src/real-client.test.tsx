import { act, cleanup, fireEvent, screen } from '@testing-library/react';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createPresenceClient } from '@presence/client';
import { createScriptedServer, createVirtualBrowser } from '@presence/client/testing';
import { createSeededRandom, createVirtualClock } from '@presence/core/testing';
import { loadStatusForm } from './components/use-status-form.ts';
import { renderWith } from '../test-fixtures/render-with.tsx';
import { OnlineUsersList, StatusPicker, usePresence, usePresences } from './index.ts';

// As it is once somebody points at the picker.
beforeAll(async () => void (await loadStatusForm()));
afterEach(cleanup);

/** Enough turns for a ticket, a socket and its first frames. */
const flush = async (): Promise<void> => {
  for (let turn = 0; turn < 150; turn += 1) await Promise.resolve();
};

const setup = () => {
  const clock = createVirtualClock({ flush });
  const server = createScriptedServer({ clock });
  const browser = createVirtualBrowser({
    clock,
    network: server.network('me'),
    random: createSeededRandom(1),
  });
  const client = createPresenceClient({
    url: '/presence',
    userId: 'me',
    ...browser.openTab().options,
  });
  return {
    clock,
    server,
    client,
    pass: (ms: number) => act(() => clock.advance(ms)),
    frames: (type: string) =>
      server.frames.filter(({ frame }) => frame.type === type).map(({ frame }) => frame),
  };
};

const User = ({ id }: { id: string }) => <p data-testid={id}>{usePresence(id).status}</p>;
const Users = ({ ids }: { ids: readonly string[] }) => (
  <p data-testid="all">
    {usePresences(ids)
      .map(({ status }) => status)
      .join()}
  </p>
);
const textOf = (id: string) => screen.getByTestId(id).textContent;

describe('with the real client', () => {
  it('connects once in StrictMode, watches in one frame, and says goodbye when it is unmounted', async () => {
    const { client, clock, server, pass, frames } = setup();
    server.set('ada', { status: 'busy' });
    const view = renderWith(
      client,
      [<User key="ada" id="ada" />, <Users key="all" ids={['ada', 'bob', 'cyd']} />],
      { strict: true },
    );
    expect(textOf('ada')).toBe('unknown');
    await pass(100);
    expect([textOf('ada'), textOf('all')]).toEqual(['busy', 'busy,offline,offline']);
    server.set('bob', { status: 'away' });
    await pass(100);
    expect(textOf('all')).toBe('busy,away,offline');
    expect(frames('hello')).toHaveLength(1);
    expect(frames('bye')).toHaveLength(0);
    expect(frames('watch')).toHaveLength(1);
    view.unmount();
    await pass(100);
    expect(frames('bye')).toHaveLength(1);
    // The grace of a closed page has passed on the server, too.
    await pass(10_000);
    expect(clock.pending()).toBe(0);
  });

  it('tells the server only who comes and who goes', async () => {
    const { client, pass, frames } = setup();
    const view = renderWith(client, <Users ids={['ada', 'bob']} />);
    await pass(100);
    view.rerender(<Users ids={['bob', 'cyd']} />);
    await pass(100);
    expect(frames('watch').slice(1)).toMatchObject([{ remove: ['ada'], add: ['cyd'] }]);
    expect(textOf('all')).toBe('offline,offline');
  });

  it('S6: renders nothing for an answer that says the same', async () => {
    const { client, server, pass } = setup();
    const renders: string[] = [];
    const Counted = () => {
      const { status } = usePresence('ada');
      renders.push(status);
      return status;
    };
    renderWith(client, <Counted />);
    await pass(100);
    const before = renders.length;
    server.set('somebody else', { status: 'online' });
    await pass(60_000);
    expect(renders).toHaveLength(before);
  });

  it('lists who is online, and sets the own status', async () => {
    const { client, server, pass } = setup();
    server.set('ada', { status: 'away' });
    renderWith(client, [<OnlineUsersList key="list" />, <StatusPicker key="picker" />]);
    await pass(100);
    expect(screen.getAllByRole('listitem')).toHaveLength(2);
    const trigger = screen.getByRole('button', { name: /^Your status: Online/ });
    fireEvent.click(trigger);
    fireEvent.click(screen.getByRole('radio', { name: 'Busy' }));
    fireEvent.click(screen.getByRole('button', { name: 'Save' }));
    await pass(100);
    expect(trigger.textContent).toContain('Your status: Busy');
    expect(screen.queryByRole('dialog')).toBeNull();
  });
});

import { setupServer } from 'msw/node';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { createPresenceClient } from '../client.ts';
import type { PresenceClient } from '../types.ts';
import { mockPresence } from './msw.ts';

const url = 'https://chat.test/api/presence';
const presence = mockPresence({
  url,
  users: { ada: { status: 'busy', message: 'Lunch' } },
  rooms: { general: ['ada'] },
});
const server = setupServer(...presence.handlers);

let client: PresenceClient;
const start = (transport: 'auto' | 'http' = 'auto'): PresenceClient => {
  client = createPresenceClient({ url, userId: 'me', transport, shareTabs: false, activity: null });
  client.start();
  return client;
};

beforeAll(() => server.listen());
afterEach(() => client.stop());
afterAll(() => server.close());

describe('a presence server of msw', () => {
  it('keeps a client present over a socket, and tells it who is how', async () => {
    start();
    client.watch(['ada', 'eve']);
    await vi.waitFor(() => expect(client.getPresence('ada').message).toBe('Lunch'));
    expect(client.getPresence('eve').status).toBe('offline');
    expect(client.getConnection()).toMatchObject({ status: 'connected', transport: 'websocket' });
    await vi.waitFor(() => expect(client.getMe().status).toBe('online'));
    presence.set('ada', { status: 'away' });
    await vi.waitFor(() => expect(client.getPresence('ada').status).toBe('away'));
  });

  it('takes a status, and refuses what it is told to refuse', async () => {
    start();
    await vi.waitFor(() => expect(client.getMe().status).toBe('online'));
    await client.setStatus('busy', { message: 'Writing' });
    expect(presence.row('me')).toMatchObject({ status: 'busy', message: 'Writing' });
    presence.refuseFrames('status', { code: 'rate_limited', retryable: true });
    await expect(client.setStatus('dnd')).rejects.toMatchObject({ code: 'rate_limited' });
    presence.refuseFrames('status', null);
    await client.clearStatus();
  });

  it('breaks sockets, and is there again', async () => {
    start();
    await vi.waitFor(() => expect(client.getConnection().status).toBe('connected'));
    const statuses: string[] = [];
    client.on('connection', ({ status }) => statuses.push(status));
    presence.closeSockets(1012, 'restart');
    // It may be back before anybody looks.
    await vi.waitFor(() => expect(statuses).toEqual(['reconnecting', 'connected']), 10_000);
  });

  it('answers heartbeats and queries where no socket is wanted', async () => {
    start('http');
    client.watch(['ada']);
    await vi.waitFor(() => expect(client.getPresence('ada').status).toBe('away'), 5000);
    expect(client.getConnection()).toMatchObject({ status: 'connected', transport: 'http' });
  });

  it.each(['auto', 'http'] as const)('has rooms, by %s', async (transport) => {
    const room = start(transport).room('general');
    const leave = room.join({ meta: { page: 1 } });
    const ids = () => room.getSnapshot().members.map(({ userId }) => userId);
    await vi.waitFor(() => expect(ids()).toEqual(['ada', 'me']), 5000);
    expect(presence.room('general').members[1]).toMatchObject({ meta: [{ page: 1 }] });
    room.startTyping();
    await vi.waitFor(() => expect(presence.room('general').typing[0]?.userId).toBe('me'), 5000);
    leave();
    await vi.waitFor(() => expect(presence.room('general').count).toBe(1), 5000);
  });

  it('lets others join rooms, say something there, type and leave', async () => {
    const room = start().room('general');
    room.join();
    await vi.waitFor(() => expect(room.getSnapshot().count).toBe(2));
    presence.joinRoom('bob', 'general', { page: 2 });
    presence.setTyping('bob', 'general', true);
    presence.setTyping('ada', 'general', true);
    await vi.waitFor(() => expect(room.getSnapshot().typing).toEqual(['ada', 'bob']));
    expect(room.getSnapshot().members[1]).toMatchObject({ userId: 'bob', meta: [{ page: 2 }] });
    presence.setTyping('bob', 'general', false);
    presence.set('ada', { status: 'offline' });
    await vi.waitFor(() => expect(room.getSnapshot().typing).toEqual([]));
    expect(room.getSnapshot().members.map(({ userId }) => userId)).toEqual(['bob', 'me']);
    presence.leaveRoom('bob', 'general');
    await vi.waitFor(() => expect(room.getSnapshot().count).toBe(1));
  });

  it('refuses in rooms what a server refuses', () => {
    presence.joinRoom('eve', 'general');
    const refused = (code: string) => expect.objectContaining({ code });
    expect(() => presence.joinRoom('eve', 'general', 'x'.repeat(255))).toThrow(
      refused('invalid_request'),
    );
    presence.leaveRoom('eve', 'general');
    expect(() => presence.setTyping('eve', 'general', true)).toThrow(refused('not_found'));
    for (let room = 0; room < 50; room += 1) presence.joinRoom('eve', `room-${room}`);
    expect(() => presence.joinRoom('eve', 'one-more')).toThrow(refused('invalid_request'));
  });
});

import { createPresenceClient, type PresenceClient } from '@presence/client';
import { createManualActivity } from '@presence/client/node';
import { afterEach, describe, expect, it } from 'vitest';
import { startServer, type Running } from './server.ts';
import { until } from './until.ts';

/* A client that is no page: Node's own WebSocket, against a real server. */

let server: Running;
const clients: PresenceClient[] = [];
afterEach(async () => {
  for (const client of clients.splice(0)) client.stop();
  await server.stop();
});

const openBot = (activity: ReturnType<typeof createManualActivity> | null): PresenceClient => {
  const client = createPresenceClient({
    url: `http://127.0.0.1:${server.port}/presence`,
    userId: 'bot',
    device: 'worker',
    activity,
    fetch(input, init) {
      const headers = new Headers(init?.headers);
      headers.set('x-user', 'bot');
      return fetch(input, { ...init, headers });
    },
  });
  clients.push(client);
  client.start();
  return client;
};

const seen = (presence: Running['presence'], status: string): Promise<void> =>
  new Promise((resolve) => {
    const cancel = presence.on('change', (change) => {
      if (change.presence.userId !== 'bot' || change.presence.status !== status) return;
      cancel();
      resolve();
    });
  });

describe('a bot', () => {
  it('L2: goes online over a socket, and offline when it says goodbye', async () => {
    server = await startServer({ policy: { grace: { closedMs: 0 } } });
    const online = seen(server.presence, 'online');
    const client = openBot(null);
    await online;
    await until(client, () => client.getConnection().status === 'connected');
    expect(client.getConnection()).toMatchObject({ transport: 'websocket', role: 'leader' });
    const [session] = (await server.presence.explain('bot')).sessions;
    expect(session).toMatchObject({ device: 'worker', activity: 'active' });
    const offline = seen(server.presence, 'offline');
    client.stop();
    await offline;
  });

  it('is away when it waits for work, and back with the first of it', async () => {
    server = await startServer({ policy: { awayAfterMs: 1000 } });
    const activity = createManualActivity(false);
    const away = seen(server.presence, 'away');
    const client = openBot(activity);
    await away;
    await until(client, () => client.getMe().status === 'away');
    activity.noteInput();
    await until(client, () => client.getMe().status === 'online');
    expect((await server.presence.get('bot')).status).toBe('online');
  });
});

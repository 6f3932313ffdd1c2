import { createPresenceClient, type PresenceClient } from '@presence/client';
import { socketIO } from '@presence/client/socket.io';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openPage, startSocketIO, type Application, type Page } from './socket-io-server.ts';
import { until } from './until.ts';

/* The client package over an application's own connection to Socket.IO. */

let application: Application;
const ends: (() => void)[] = [];
beforeEach(async () => {
  application = await startSocketIO({ policy: { grace: { closedMs: 100 } } });
});
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) end();
  await application.stop();
});

const open = (userId: string): { client: PresenceClient; page: Page } => {
  const page = openPage(application, userId);
  const client = createPresenceClient({
    url: `${application.url}/presence`,
    sockets: socketIO(page.socket),
    activity: null,
    fetch(input, init) {
      const headers = new Headers(init?.headers);
      headers.set('x-user', userId);
      return fetch(input, { ...init, headers });
    },
  });
  ends.push(page.close, client.stop);
  client.start();
  return { client, page };
};

const isConnected = (client: PresenceClient) => () => client.getConnection().status === 'connected';

describe('a client over Socket.IO', () => {
  it('L3: sees others come and change, and says how it is', async () => {
    const { client: ada } = open('ada');
    ada.watch(['grace']);
    await until(ada, () => ada.getPresence('grace').status === 'offline');
    expect(ada.getConnection()).toMatchObject({ status: 'connected', transport: 'websocket' });
    const { client: grace } = open('grace');
    await until(ada, () => ada.getPresence('grace').status === 'online');
    await grace.setStatus('busy', { message: 'in a meeting' });
    await until(ada, () => ada.getPresence('grace').message === 'in a meeting');
    grace.stop();
    await until(ada, () => ada.getPresence('grace').status === 'offline');
  });

  it('L2: a connection that breaks is opened again by Socket.IO, with the same session', async () => {
    const { client, page } = open('ada');
    await until(client, isConnected(client));
    const [before] = (await application.presence.explain('ada')).sessions;
    page.socket.io.engine.close();
    await until(client, () => client.getConnection().status === 'reconnecting');
    await until(client, isConnected(client));
    const [after, ...more] = (await application.presence.explain('ada')).sessions;
    expect([after?.id, more]).toEqual([before?.id, []]);
  });

  it('S11: who is blocked is told, and stops', async () => {
    const { client } = open('ada');
    await until(client, isConnected(client));
    await application.presence.setAccount('ada', 'suspended');
    await until(client, () => client.getConnection().status === 'stopped');
    expect(client.getConnection().error?.code).toBe('account_blocked');
  });

  it('stays on one connection, and frees what it held of it', async () => {
    const { client, page } = open('ada');
    await until(client, isConnected(client));
    client.stop();
    expect(page.socket.listeners('presence')).toEqual([]);
    expect(await page.socket.emitWithAck('echo', 1)).toBe(1);
    client.start();
    await until(client, isConnected(client));
    expect(await application.presence.count()).toMatchObject({ count: 1 });
  });
});

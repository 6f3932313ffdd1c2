import { createServer, request as ask, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createPresenceClient, type PresenceClient } from '@presence/client';
import { createPresence, type Presence } from '@presence/server';
import { expressPresence } from '@presence/server/express';
import { afterEach, describe, expect, it } from 'vitest';
import { until } from './until.ts';

/* The client package over real streams: where upgrades are not let through, and where events are held back. */

const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

const listening = async (server: Server): Promise<number> => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  ends.push(
    () =>
      new Promise((resolve) => {
        server.close(resolve);
        server.closeAllConnections();
      }),
  );
  return (server.address() as AddressInfo).port;
};

/** A server that takes no upgrades until it is told to. */
const startServer = async (): Promise<{ presence: Presence; server: Server; port: number }> => {
  const presence = createPresence({
    authenticate: ({ headers }: IncomingMessage) => ({ userId: String(headers['x-user']) }),
  });
  const handle = expressPresence(presence);
  const server = createServer((request, response) => {
    request.url = request.url?.replace(/^\/presence/, '') ?? '/';
    handle(request, response, () => response.writeHead(500).end());
  });
  const port = await listening(server);
  ends.push(() => presence.close());
  return { presence, server, port };
};

/** Hands an answer on once all of it has come, as some proxies do: no upgrades, and of a stream nothing at all. */
const startHolding = async (to: number): Promise<number> =>
  listening(
    createServer((request, response) => {
      const { url, method, headers } = request;
      const onward = ask({ port: to, path: url, method, headers }, (answer) => {
        const pieces: Buffer[] = [];
        answer.on('data', (piece: Buffer) => pieces.push(piece));
        answer.on('end', () => {
          response.writeHead(answer.statusCode ?? 502, answer.headers);
          response.end(Buffer.concat(pieces));
        });
      });
      onward.on('error', () => response.destroy());
      response.on('close', () => onward.destroy());
      request.pipe(onward);
    }),
  );

const open = (
  port: number,
  userId: string,
  more: Partial<Parameters<typeof createPresenceClient>[0]> = {},
) => {
  const pageEvents = new Map<string, () => void>();
  const client = createPresenceClient({
    url: `http://127.0.0.1:${port}/presence`,
    fetch: (input, init) =>
      fetch(input, {
        ...init,
        headers: { ...(init?.headers as Record<string, string>), 'x-user': userId },
      }),
    activity: null,
    testing: {
      browser: {
        onPage: (event, listener) => {
          pageEvents.set(event, listener);
          return () => undefined;
        },
      },
    },
    ...more,
  });
  ends.push(() => client.stop());
  client.start();
  return { client, happen: (event: string) => pageEvents.get(event)?.() };
};

const carriedBy = (client: PresenceClient, transport: string): Promise<void> =>
  until(client, () => client.getConnection().transport === transport);

describe('a client for whom no socket gets through', () => {
  it('L3: takes a stream: is present, watches, declares and hears of changes', async () => {
    const { port, presence } = await startServer();
    const { client: ada } = open(port, 'ada');
    const { client: bob } = open(port, 'bob', { transport: 'stream' });
    ada.watch(['bob']);
    ada.watchOnline();
    await Promise.all([carriedBy(ada, 'stream'), carriedBy(bob, 'stream')]);
    await until(ada, () => ada.getPresence('bob').status === 'online');
    await bob.setStatus('busy', { message: 'zzz – ünïcode ✓' });
    await until(ada, () => ada.getPresence('bob').message === 'zzz – ünïcode ✓');
    expect(ada.getOnline()).toMatchObject({ synced: true, count: 2 });
    expect(bob.getMe().status).toBe('busy');
    await bob.signOut();
    await until(ada, () => ada.getPresence('bob').status === 'offline');
    expect((await presence.get('bob')).status).toBe('offline');
  });

  it('takes a socket in its place as soon as one gets through, with the same session', async () => {
    const { port, presence, server } = await startServer();
    const { client, happen } = open(port, 'ada');
    await carriedBy(client, 'stream');
    const seen: unknown[] = [];
    client.on('connection', ({ status, transport }) => seen.push([status, transport]));
    const before = (await presence.explain('ada')).sessions.map(({ id }) => id);
    presence.attach(server);
    happen('online');
    await carriedBy(client, 'websocket');
    expect(seen).toEqual([['connected', 'websocket']]);
    expect((await presence.explain('ada')).sessions.map(({ id }) => id)).toEqual(before);
  });

  it('steps down to heartbeats where events are held back', async () => {
    const { port, presence } = await startServer();
    const { client } = open(await startHolding(port), 'ada');
    client.watch(['bob']);
    await carriedBy(client, 'http');
    await until(client, () => client.getPresence('bob').status === 'offline');
    expect(client.getConnection()).toMatchObject({ status: 'connected', error: null });
    expect((await presence.get('ada')).status).toBe('online');
  });

  it('S11: is stopped as over a socket when its account is blocked', async () => {
    const { port, presence } = await startServer();
    const { client } = open(port, 'ada', { transport: 'stream' });
    await carriedBy(client, 'stream');
    await presence.setAccount('ada', 'banned');
    await until(client, () => client.getConnection().status === 'stopped');
    expect(client.getConnection().error?.code).toBe('account_blocked');
  });

  it('L8: comes back to another node when its own drains', async () => {
    const { port, presence } = await startServer();
    const { client } = open(port, 'ada', { transport: 'stream' });
    await carriedBy(client, 'stream');
    const drained = presence.drain();
    await until(client, () => client.getConnection().status === 'reconnecting');
    await drained;
    expect(client.getConnection().transport).toBeNull();
  });
});

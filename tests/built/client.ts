// Uses the built client as an application does: with the built server, over real sockets, and in tabs beside one that runs
// from its sources. What one of them says, the other has to understand: the build shortens names inside the client.
import assert from 'node:assert/strict';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createPresenceClient as built } from '@presence/client';
import type { PresenceClient, PresenceClientOptions } from '@presence/client';
import { createPresence } from '@presence/server';
import { expressPresence } from '@presence/server/express';
import { createPresenceClient as source } from '../../packages/client/src/index.ts';

type Making = typeof built;

assert.match(import.meta.resolve('@presence/client'), /dist/, 'run without @presence/source');

const presence = createPresence({
  authenticate: (request: IncomingMessage) => ({ userId: String(request.headers['x-user']) }),
});
const handle = expressPresence(presence);
const server = createServer((request, response) => {
  request.url = request.url?.replace(/^\/presence/, '') ?? '/';
  handle(request, response, () => response.writeHead(404).end());
});
presence.attach(server);
await new Promise<void>((resolve) => {
  server.listen(0, '127.0.0.1', resolve);
});
const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
const stored = new Map<string, string>();

/** A page of this browser: real locks and channels, and no page events. */
const browser: NonNullable<NonNullable<PresenceClientOptions['testing']>['browser']> = {
  baseUrl: base,
  locks: navigator.locks,
  createChannel(name) {
    const channel = new BroadcastChannel(name);
    return {
      // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a channel has one origin: its own
      post: (message) => channel.postMessage(message),
      onMessage(listener) {
        channel.addEventListener('message', ({ data }: MessageEvent) => listener(data));
        return () => channel.close();
      },
      close: () => channel.close(),
    };
  },
  storage: {
    getItem: (key) => stored.get(key) ?? null,
    setItem: (key, value) => void stored.set(key, value),
    removeItem: (key) => void stored.delete(key),
  },
  onPage: () => () => {},
};

const open = (
  make: Making,
  userId: string,
  more: Partial<PresenceClientOptions> = {},
): PresenceClient => {
  const client = make({
    url: '/presence',
    userId,
    fetch(input, init) {
      const headers = new Headers(init?.headers);
      headers.set('x-user', userId);
      return fetch(input, { ...init, headers });
    },
    activity: { start: () => () => {}, isHidden: () => false, onVisibility: () => () => {} },
    testing: { browser },
    ...more,
  });
  client.watch(['ada', 'bob']);
  client.watchOnline();
  client.start();
  return client;
};

/** Resolves as soon as it is so; the time limit is only for what never will be. */
const until = (client: PresenceClient, what: string, isSo: () => boolean): Promise<void> =>
  new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      const seen = { ...client.getConnection(), me: client.getMe(), online: client.getOnline() };
      reject(new Error(`[presence/check] Not so in time: ${what}. ${JSON.stringify(seen)}`));
    }, 20_000);
    const look = (): void => {
      if (!isSo()) return;
      clearTimeout(timer);
      cancel();
      resolve();
    };
    const cancel = client.subscribe(look);
    look();
  });

const connected = (client: PresenceClient, role: string, transport: string) =>
  until(client, `${role} by ${transport}`, () => {
    const state = client.getConnection();
    return state.status === 'connected' && state.role === role && state.transport === transport;
  });

const sees = (client: PresenceClient, userId: string, status: string) =>
  until(client, `${userId} is ${status}`, () => {
    const { users, synced } = client.getOnline();
    const listed = users.find((user) => user.userId === userId)?.status ?? 'offline';
    return synced && listed === status && client.getPresence(userId).status === status;
  });

/** One tab leads, the other follows: what is watched, what is known and what is commanded goes from tab to tab. */
const share = async (first: Making, second: Making, userId: string): Promise<void> => {
  const leader = open(first, userId);
  await connected(leader, 'leader', 'websocket');
  const follower = open(second, userId);
  await connected(follower, 'follower', 'tab');
  await sees(follower, userId, 'online');
  await follower.setStatus('busy', { message: 'in a call', emoji: '☎' });
  for (const client of [leader, follower]) {
    await sees(client, userId, 'busy');
    const { message, emoji } = client.getPresence(userId);
    assert.deepEqual({ message, emoji }, { message: 'in a call', emoji: '☎' });
    await until(client, 'the own claim', () => client.getMe().claims.length === 1);
  }
  leader.stop();
  await connected(follower, 'leader', 'websocket');
  await follower.clearStatus();
  await sees(follower, userId, 'online');
  leader.start();
  await connected(leader, 'follower', 'tab');
  await presence.setAccount(userId, 'suspended');
  for (const client of [leader, follower]) {
    await until(client, 'why it is stopped', () => {
      const { status, error } = client.getConnection();
      return status === 'stopped' && error?.code === 'account_blocked';
    });
  }
  await presence.setAccount(userId, 'active');
};

const overHttp = async (): Promise<void> => {
  const ada = open(built, 'ada');
  await connected(ada, 'leader', 'websocket');
  const bob = open(built, 'bob', { transport: 'http', device: 'web' });
  await connected(bob, 'leader', 'http');
  await sees(ada, 'bob', 'online');
  await sees(bob, 'ada', 'online');
  await bob.setStatus('away', { message: 'at lunch' });
  await sees(ada, 'bob', 'away');
  await bob.setVisibility('hidden');
  await sees(ada, 'bob', 'offline');
  await bob.setVisibility('visible');
  await sees(ada, 'bob', 'away');
  await bob.signOut();
  await sees(ada, 'bob', 'offline');
  ada.stop();
};

await share(built, source, 'ada');
await share(source, built, 'bob');
await overHttp();
assert.deepEqual([...stored.keys()], [`presence ${base}/presence ada`], 'a sign-out forgets');
await presence.close();
server.closeAllConnections();
server.close();

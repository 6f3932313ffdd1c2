import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ServerFrame } from '@presence/core/protocol';
import { attachSocketIO } from '@presence/server/socket.io';
import { Server } from 'socket.io';
import { io as connect } from 'socket.io-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { startApps, type RunningApp } from '../http/apps.ts';
import { createWaiting, openStream, type RawClient } from './stream-client.ts';

/*
 * One script of frames over a socket, over a stream of each adapter and over Socket.IO: what is answered must be the same. Time stands
 * still in these applications and chance is seeded, so that it is the same to the byte but for what names a session.
 */

let apps: readonly RunningApp[] = [];
let others: readonly RunningApp[] = [];
let socketIO: RunningApp;

/** Socket.IO in front of an application's presence, as a server of its own. */
const withSocketIO = async (app: RunningApp): Promise<RunningApp> => {
  const server = createServer();
  const io = new Server(server, { serveClient: false });
  attachSocketIO(app.presence, io, { requestOf: ({ request }) => request as never });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const close = async (): Promise<void> => {
    await app.close();
    await io.close();
  };
  return { ...app, name: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close };
};

beforeAll(async () => {
  const [streamed, plain, [first]] = await Promise.all([startApps(), startApps(), startApps()]);
  [apps, others] = [streamed, plain];
  socketIO = await withSocketIO(first!);
});
afterAll(() => Promise.all([...apps, ...others, socketIO].map((app) => app.close())));

/** One more application, for the sockets alone: the clocks of all of them then go alike. */
const withSockets = (): RunningApp => {
  const app = others.find(({ name }) => name === 'Fastify');
  if (!app) throw new Error('There is no application with sockets.');
  return app;
};

type Open = (app: RunningApp, hello: object) => RawClient;

const openSocket: Open = ({ url }, hello) => {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/presence/socket`);
  const frames: ServerFrame[] = [];
  const { look, until } = createWaiting();
  const closed = new Promise<{ code: number; reason: string }>((resolve) => {
    socket.on('close', (code, reason) => resolve({ code, reason: reason.toString() }));
  });
  socket.on('message', (content: Buffer) => {
    frames.push(JSON.parse(content.toString()) as ServerFrame);
    look();
  });
  socket.on('open', () => socket.send(JSON.stringify(hello)));
  return {
    frames,
    closed,
    until,
    send: (...said) => {
      for (const frame of said) socket.send(JSON.stringify(frame));
    },
    vanish: () => socket.terminate(),
  };
};

const openAsStream: Open = ({ url }, hello) => openStream(`${url}/presence`, [hello]);

/** The client's own words over a connection to Socket.IO, which the name of the application is the address of. */
const openAsSocketIO: Open = ({ name }, hello) => {
  const socket = connect(name, { transports: ['websocket'], forceNew: true });
  const frames: ServerFrame[] = [];
  const { look, until } = createWaiting();
  const closed = new Promise<{ code: number; reason: string }>((resolve) => {
    socket.on('presence:closed', resolve);
    socket.on('disconnect', () => resolve({ code: 1006, reason: '' }));
  });
  const send = (...said: object[]): void => {
    for (const frame of said) socket.emit('presence', JSON.stringify(frame));
  };
  socket.on('presence', (text: string) => {
    frames.push(JSON.parse(text) as ServerFrame);
    look();
  });
  socket.on('connect', () => {
    socket.emit('presence:open');
    send(hello);
  });
  return { frames, closed, until, send, vanish: () => void socket.disconnect() };
};

const ticketOf = async ({ url }: RunningApp, user: string): Promise<string> => {
  const response = await fetch(`${url}/presence/ticket`, {
    method: 'POST',
    headers: { 'x-user': user },
  });
  return ((await response.json()) as { ticket: string }).ticket;
};

/** Names of sessions and what is signed for them differ from one to the next. */
const comparable = (frames: readonly ServerFrame[]): unknown[] =>
  frames.map((frame) =>
    frame.type === 'welcome' ? { ...frame, sessionId: 'a session', leaveToken: 'a token' } : frame,
  );

interface Script {
  readonly name: string;
  /** What the hello has instead of what it should have. */
  readonly hello?: (ticket: string) => object;
  readonly frames: readonly object[];
}

const SCRIPTS: readonly Script[] = [
  {
    name: 'watches, a status, activity and what is wrong with some frames',
    frames: [
      { type: 'watch', id: 'some', add: ['ada', 'grace'] },
      { type: 'watch', id: 'all', tenant: true },
      { type: 'watch', id: 'all', tenant: true },
      { type: 'status', status: 'busy', message: 'zzz – ünïcode ✓' },
      { type: 'status', status: 'offline' },
      { type: 'status', status: 'busy', forMs: -1 },
      { type: 'activity', state: 'idle', idleMs: 400_000 },
      { type: 'visibility', visibility: 'hidden' },
      { type: 'visibility', visibility: 'visible' },
      { type: 'status', status: null },
      { type: 'unwatch', id: 'some' },
      { type: 'activity', state: 'active' },
    ],
  },
  { name: 'a second hello', frames: [{ type: 'hello', protocol: 1, ticket: 'another' }] },
  { name: 'a frame of another protocol', frames: [{ type: 'dance' }] },
  { name: 'no object', frames: [[]] },
  { name: 'a goodbye', frames: [{ type: 'bye', reason: 'closed' }] },
  { name: 'a sign-out', frames: [{ type: 'bye', reason: 'signed-out' }] },
  { name: 'no hello first', hello: () => ({ type: 'unwatch', id: 'w' }), frames: [] },
  {
    name: 'a ticket that is none',
    hello: () => ({ type: 'hello', protocol: 1, ticket: 'x' }),
    frames: [],
  },
  {
    name: 'another version',
    hello: (ticket) => ({ type: 'hello', protocol: 9, ticket }),
    frames: [],
  },
  {
    name: 'a session that is not known',
    hello: (ticket) => ({ type: 'hello', protocol: 1, ticket, sessionId: 'nobody' }),
    frames: [],
  },
];

/** Everything that is answered to a script, and how it ended if it did. */
const play = async (app: RunningApp, user: string, script: Script, open: Open) => {
  const ticket = await ticketOf(app, user);
  const hello = script.hello?.(ticket) ?? { type: 'hello', protocol: 1, ticket };
  const client = open(app, hello);
  let end: { code: number; reason: string } | null = null;
  void client.closed.then((how) => (end = how));
  const isOver = client.closed.then(() => undefined);
  const seen = (type: string, ref?: number): boolean =>
    client.frames.some((frame) => frame.type === type && (frame as { ref?: number }).ref === ref);
  await Promise.race([client.until(() => seen('me')), isOver]);
  for (const [index, frame] of script.frames.entries()) {
    client.send(Array.isArray(frame) ? frame : { ...frame, ref: index });
    const isAnswered = client.until(() => seen('ack', index) || seen('error', index));
    await Promise.race([isAnswered, isOver]);
    await app.clock.advance(200);
  }
  // What was flushed last is on its way: the answer to one more frame comes behind it.
  if (end === null && script.frames.length > 0) {
    client.send({ type: 'unwatch', id: 'nothing', ref: 1000 });
    await Promise.race([client.until(() => seen('ack', 1000)), isOver]);
  }
  client.vanish();
  await client.closed;
  return { frames: comparable(client.frames), end };
};

describe.each(SCRIPTS)('$name', (script) => {
  it('is answered over a stream and over Socket.IO as over a socket, by every adapter', async () => {
    const user = `ada-${SCRIPTS.indexOf(script)}`;
    const expected = await play(withSockets(), user, script, openSocket);
    expect(expected.frames.length + (expected.end ? 1 : 0)).toBeGreaterThan(0);
    for (const app of apps) {
      expect([app.name, await play(app, user, script, openAsStream)]).toEqual([app.name, expected]);
    }
    expect(await play(socketIO, user, script, openAsSocketIO)).toEqual(expected);
    // A hundred requests, one after the other.
  }, 120_000);
});

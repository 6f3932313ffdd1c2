// Memory of a connected user at rest, and what keeping them present costs: beside a bare `ws` connection that does
// nothing, and beside Socket.IO. Everything that a user has is counted: session, record, one shared watch, the store.
import { connect as connectTcp, createServer as createTcpServer, type AddressInfo } from 'node:net';
import { memoryStore, type PresenceStore } from '@presence/server';
import type { WebSocket } from 'ws';
import {
  closeRequests,
  each,
  joinPresence,
  joinSocketIO,
  openSocket,
  serveBare,
  servePresence,
  serveSocketIO,
} from './joining.ts';
import {
  answers,
  figure,
  given,
  machine,
  memory,
  role,
  start,
  wait,
  type Memory,
} from './sides.ts';

const FILE = import.meta.filename;
const COUNT = Number(process.env['BENCH_CONNECTIONS'] ?? 10_000);
const REST_MS = Number(process.env['BENCH_REST_MS'] ?? 60_000);
/** Handshakes under way at once. */
const AT_ONCE = 100;
const WATCHED = 200;
/** The first half has forgotten its opening by then. */
const SETTLED_MS = 15_000;

/** Counts the calls that reach a store. */
const counted = (store: PresenceStore, calls: { made: number }): PresenceStore =>
  new Proxy(store, {
    get: (target, name) => {
      const member: unknown = Reflect.get(target, name);
      if (typeof member !== 'function' || name === 'subscribe' || name === 'due') return member;
      return (...args: unknown[]) => {
        calls.made += 1;
        return Reflect.apply(member, target, args) as unknown;
      };
    },
  });

const servers: Record<string, () => Promise<number>> = {
  presence: () => {
    const calls = { made: 0 };
    answers({ calls: () => calls.made });
    return servePresence({
      store: counted(memoryStore(), calls),
      policy: { pingMs: Number(given['pingMs'] ?? 25_000) },
    }).port;
  },
  bare: () => serveBare(() => undefined).port,
  'socket.io': () => {
    const { io, port } = serveSocketIO();
    io.on('connection', (socket) => {
      socket.on('hello', () => undefined);
      socket.on('disconnect', () => undefined);
    });
    return port;
  },
};

const watchedIds = Array.from({ length: WATCHED }, (_, index) => `user-${index}`);

const joins: Record<string, (port: number, index: number) => Promise<WebSocket>> = {
  presence: (port, index) => joinPresence(port, `user-${index}`, { add: watchedIds }),
  bare: (port) => openSocket(`ws://127.0.0.1:${port}`),
  'socket.io': (port) => joinSocketIO(port),
};

interface Batch {
  readonly port: number;
  readonly from: number;
  readonly count: number;
}

const kept: WebSocket[] = [];

const connectAll = async ({ port, from, count }: Batch): Promise<void> => {
  const join = joins[String(given['side'])];
  if (!join) throw new Error('no such side');
  await each(from, count, AT_ONCE, async (index) => void kept.push(await join(port, index)));
  closeRequests();
};

/**
 * Half of the users connect and rest, then the other half: what the second half adds is what a
 * connection costs, without what code, pools and arenas cost once.
 */
const measure = async (side: string): Promise<Memory> => {
  const server = start(FILE, side);
  const port = await server.ask<number>('port');
  const client = start(FILE, 'client', { side });
  const half = COUNT / 2;
  await client.ask('connect', { port, from: 0, count: half });
  await wait(SETTLED_MS);
  const before = await server.ask<Memory>('memory');
  await client.ask('connect', { port, from: half, count: half });
  await wait(REST_MS);
  const after = await server.ask<Memory>('memory');
  await client.stop();
  await server.stop();
  return {
    heap: (after.heap - before.heap) / half,
  };
};

/** Counts what goes over the wire of one connection, through a TCP relay. */
const relay = (port: number): Promise<{ port: number; down: () => number; up: () => number }> =>
  new Promise((resolve) => {
    const bytes = { down: 0, up: 0 };
    const server = createTcpServer((near) => {
      const far = connectTcp(port, '127.0.0.1');
      near.on('data', (chunk) => {
        bytes.up += chunk.length;
        far.write(chunk);
      });
      far.on('data', (chunk) => {
        bytes.down += chunk.length;
        near.write(chunk);
      });
      near.on('error', () => far.destroy());
      far.on('error', () => near.destroy());
    });
    server.listen(0, '127.0.0.1', () =>
      resolve({
        port: (server.address() as AddressInfo).port,
        down: () => bytes.down,
        up: () => bytes.up,
      }),
    );
  });

const PINGS = 4;
const PING_MS = 1000;

/** What one user at rest costs per ping interval, on the wire and at the store. */
const measureRest = async (): Promise<void> => {
  const server = start(FILE, 'presence', { pingMs: PING_MS });
  const port = await server.ask<number>('port');
  const wire = await relay(port);
  const socket = await joinPresence(port, 'user-1', { add: ['user-2'] }, undefined, wire.port);
  await wait(PING_MS * 2);
  let pings = 0;
  socket.on('ping', () => {
    pings += 1;
  });
  const before = { down: wire.down(), up: wire.up(), calls: await server.ask<number>('calls') };
  const until = Date.now() + PING_MS * (PINGS + 3);
  const counted = (): boolean => pings >= PINGS || Date.now() >= until;
  while (!counted()) await wait(20);
  await wait(100);
  const calls = (await server.ask<number>('calls')) - before.calls;
  figure(
    'At rest: bytes of frames per ping, server to client',
    (wire.down() - before.down) / pings,
    'B',
    'promised: 2',
  );
  figure(
    'At rest: bytes of frames per ping, client to server',
    (wire.up() - before.up) / pings,
    'B',
    'promised: 6',
  );
  figure(
    `At rest: store calls in ${PINGS} pings (the node's own lease renewal is one each 5 s)`,
    calls,
    '',
    'promised: 0 for the user',
  );
  socket.terminate();
  await server.stop();
};

const compare = async (): Promise<void> => {
  console.log(
    `connections: ${COUNT} connected users at rest for ${REST_MS / 1000} s. ${machine()}`,
  );
  const bare = await measure('bare');
  const presence = await measure('presence');
  const socketIO = await measure('socket.io');
  const kib = (bytes: number): number => bytes / 1024;
  for (const [name, one] of Object.entries({ 'bare ws': bare, presence, 'Socket.IO': socketIO })) {
    figure(`${name}: memory of one connection`, kib(one.heap), 'KiB');
  }
  for (const [name, other, bound] of [
    ['bare ws', bare, '1.3'],
    ['Socket.IO', socketIO, '0.45'],
  ] as const) {
    const promised = `promised: at most ${bound}`;
    figure(`presence : ${name}`, presence.heap / other.heap, '×', promised);
  }
  await measureRest();
  process.exit(0);
};

const serve = servers[role];
if (serve) {
  const port = serve();
  answers({ port: () => port, memory });
} else if (role === 'client') answers({ connect: connectAll });
else await compare();

// Memory of a connected user at rest, and what keeping them present costs: beside a bare `ws` connection that does
// nothing, and beside Socket.IO. Everything that a user has is counted: session, record, one shared watch, the store.
import { createServer, type Server } from 'node:http';
import { connect as connectTcp, createServer as createTcpServer, type AddressInfo } from 'node:net';
import { createPresence, memoryStore, type PresenceStore } from '@presence/server';
import { expressPresence } from '@presence/server/express';
import { Server as SocketIO } from 'socket.io';
import { WebSocket, WebSocketServer } from 'ws';
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
/** Connections that come and go first, so that code and pools are not counted. */
const WARM = 2000;

const listen = (server: Server): Promise<number> =>
  new Promise((resolve) => {
    server.listen({ port: 0, host: '127.0.0.1', backlog: 4096 }, () =>
      resolve((server.address() as AddressInfo).port),
    );
  });

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

const servePresence = async (): Promise<number> => {
  const calls = { made: 0 };
  const presence = createPresence({
    authenticate: (request) => ({ userId: String(request.headers['x-user']) }),
    store: counted(memoryStore(), calls),
    security: {
      secret: 'only for measuring, never for real use',
      limits: { perAddressPerMinute: 1e9 },
    },
    policy: {
      pingMs: Number(given['pingMs'] ?? 25_000),
      pongTimeoutMs: 20_000,
    },
  });
  const handle = expressPresence(presence);
  const server = createServer((request, response) => {
    request.url = request.url?.replace(/^\/presence/, '') ?? '/';
    handle(request, response, () => response.writeHead(500).end());
  });
  presence.attach(server);
  answers({
    memory,
    calls: () => calls.made,
    heap: async () => (await import('node:v8')).writeHeapSnapshot('/tmp/rt/real.heapsnapshot'),
  });
  return listen(server);
};

const serveBare = async (): Promise<number> => {
  const server = createServer();
  const sockets = new WebSocketServer({ server, perMessageDeflate: false });
  sockets.on('connection', (socket) => {
    socket.on('error', () => undefined);
    socket.on('message', () => undefined);
    socket.on('close', () => undefined);
  });
  answers({ memory });
  return listen(server);
};

const serveSocketIO = async (): Promise<number> => {
  const server = createServer();
  const io = new SocketIO(server, { serveClient: false, transports: ['websocket'] });
  io.on('connection', (socket) => {
    socket.on('hello', () => undefined);
    socket.on('disconnect', () => undefined);
  });
  answers({ memory });
  return listen(server);
};

const openSocket = (url: string): Promise<WebSocket> =>
  new Promise((resolve, reject) => {
    const socket = new WebSocket(url, { perMessageDeflate: false });
    socket.once('open', () => resolve(socket));
    socket.once('error', reject);
  });

const received = (socket: WebSocket, includes: string): Promise<void> =>
  new Promise((resolve, reject) => {
    socket.on('close', (code) => reject(new Error(`closed with ${code}`)));
    socket.on('message', (content: Buffer) => {
      if (content.toString().includes(includes)) resolve();
    });
  });

const watchedIds = Array.from({ length: WATCHED }, (_, index) => `user-${index}`);

const ticketOf = async (port: number, userId: string): Promise<string> => {
  const response = await fetch(`http://127.0.0.1:${port}/presence/ticket`, {
    method: 'POST',
    headers: { 'x-user': userId, 'content-type': 'application/json', connection: 'close' },
    body: '{}',
  });
  return ((await response.json()) as { ticket: string }).ticket;
};

const joinPresence = async (port: number, index: number, through = port): Promise<WebSocket> => {
  const ticket = await ticketOf(port, `user-${index}`);
  const socket = await openSocket(`ws://127.0.0.1:${through}/presence/socket`);
  const joined = received(socket, '"ack"');
  socket.send(JSON.stringify({ type: 'hello', protocol: 1, ticket }));
  socket.send(JSON.stringify({ type: 'watch', id: 'w', add: watchedIds, ref: 1 }));
  await joined;
  return socket;
};

const joinSocketIO = async (port: number): Promise<WebSocket> => {
  const socket = await openSocket(`ws://127.0.0.1:${port}/socket.io/?EIO=4&transport=websocket`);
  const joined = received(socket, '40{');
  socket.on('message', (content: Buffer) => {
    if (content.toString() === '2') socket.send('3');
  });
  socket.send('40');
  await joined;
  return socket;
};

const joins: Record<string, (port: number, index: number) => Promise<WebSocket>> = {
  presence: joinPresence,
  bare: (port) => openSocket(`ws://127.0.0.1:${port}`),
  'socket.io': joinSocketIO,
};

const sockets: WebSocket[] = [];

interface Batch {
  readonly port: number;
  readonly from: number;
  readonly count: number;
}

const connectAll = async ({ port, from, count }: Batch): Promise<number> => {
  const join = joins[String(given['side'])];
  if (!join) throw new Error('no such side');
  let next = from;
  const worker = async (): Promise<void> => {
    while (next < from + count) {
      const index = next;
      next += 1;
      sockets.push(await join(port, index));
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return sockets.length;
};

const measure = async (side: string): Promise<Memory> => {
  const server = start(FILE, side);
  const port = await server.ask<number>('port');
  const warm = start(FILE, 'client', { side });
  await warm.ask('connect', { port, from: COUNT, count: WARM });
  await warm.stop();
  // Longer than the grace of a lost link: what the first ones left behind is gone.
  await wait(Math.min(20_000, REST_MS));
  const client = start(FILE, 'client', { side });
  const before = await server.ask<Memory>('memory');
  await client.ask('connect', { port, from: 0, count: COUNT });
  await wait(REST_MS);
  const after = await server.ask<Memory>('memory');
  if (process.env['BENCH_HEAP'] && side === 'presence') await server.ask('heap');
  await client.stop();
  await server.stop();
  return {
    heap: (after.heap - before.heap) / COUNT,
    resident: (after.resident - before.resident) / COUNT,
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
  const socket = await joinPresence(port, 1, wire.port);
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
    figure(`${name}: heap and external memory of one connection`, kib(one.heap), 'KiB');
    figure(`${name}: resident memory of one connection`, kib(one.resident), 'KiB');
  }
  figure(
    'presence : bare ws, heap and external',
    presence.heap / bare.heap,
    '×',
    'promised: at most 1.3',
  );
  figure(
    'presence : bare ws, resident',
    presence.resident / bare.resident,
    '×',
    'promised: at most 1.3',
  );
  figure(
    'presence : Socket.IO, heap and external',
    presence.heap / socketIO.heap,
    '×',
    'promised: at most 0.45',
  );
  figure(
    'presence : Socket.IO, resident',
    presence.resident / socketIO.resident,
    '×',
    'promised: at most 0.45',
  );
  await measureRest();
  process.exit(0);
};

const servers: Record<string, () => Promise<number>> = {
  presence: servePresence,
  bare: serveBare,
  'socket.io': serveSocketIO,
};

const serve = servers[role];
if (serve) {
  const port = serve();
  answers({ port: () => port });
} else if (role === 'client') answers({ connect: connectAll });
else await compare();

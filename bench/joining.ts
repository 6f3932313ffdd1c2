// Clients of each side of a comparison, as plain WebSockets: what a real client sends, and nothing else.
import { createServer, request, Agent, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createPresence, type PresenceOptions } from '@presence/server';
import { expressPresence } from '@presence/server/express';
import { Server as SocketIO } from 'socket.io';
import { WebSocket, WebSocketServer } from 'ws';

export const listen = (server: Server): Promise<number> =>
  new Promise((resolve) => {
    server.listen({ port: 0, host: '127.0.0.1', backlog: 4096 }, () =>
      resolve((server.address() as AddressInfo).port),
    );
  });

/** Presence on a plain HTTP server: its routes, with tickets, and its sockets. */
export const servePresence = (options: Partial<PresenceOptions> = {}) => {
  const presence = createPresence({
    authenticate: (request) => ({ userId: String(request.headers['x-user']) }),
    security: {
      secret: 'only for measuring, never for real use',
      // One machine plays all users.
      limits: { perAddressPerMinute: 1e9 },
    },
    ...options,
  });
  const handle = expressPresence(presence);
  const server = createServer((request, response) => {
    request.url = request.url?.replace(/^\/presence/, '') ?? '/';
    handle(request, response, () => response.writeHead(500).end());
  });
  presence.attach(server);
  // Longer than any pause of a client here: a connection that closes while it is used again would be an error.
  server.keepAliveTimeout = 60_000;
  return { presence, port: listen(server) };
};

export const serveBare = (onSocket: (socket: WebSocket) => void) => {
  const server = createServer();
  const sockets = new WebSocketServer({ server, perMessageDeflate: false });
  sockets.on('connection', (socket) => {
    socket.on('error', () => undefined);
    socket.on('message', () => undefined);
    socket.on('close', () => undefined);
    onSocket(socket);
  });
  return { port: listen(server) };
};

export const serveSocketIO = () => {
  const server = createServer();
  const io = new SocketIO(server, { serveClient: false, transports: ['websocket'] });
  return { io, port: listen(server) };
};

export const openSocket = (url: string): Promise<WebSocket> =>
  new Promise((resolve, reject) => {
    const socket = new WebSocket(url, { perMessageDeflate: false, skipUTF8Validation: true });
    socket.once('open', () => resolve(socket));
    socket.once('error', reject);
  });

/** Resolves when a message with this text in it has come. */
export const received = (socket: WebSocket, includes: string): Promise<void> =>
  new Promise((resolve, reject) => {
    let last = '';
    const failed = (code: number): void =>
      reject(new Error(`closed with ${code} after ${last.slice(0, 200)}`));
    const look = (content: Buffer): void => {
      last = content.toString('utf8', 0, 200);
      if (!content.includes(includes)) return;
      socket.off('message', look);
      socket.off('close', failed);
      resolve();
    };
    socket.on('close', failed);
    socket.on('message', look);
  });

const agent = new Agent({ keepAlive: true, maxSockets: 64, keepAliveMsecs: 1000 });

/** Leaves no connection of its own behind. */
export const closeRequests = (): void => agent.destroy();

export const ticketOf = (port: number, userId: string): Promise<string> =>
  new Promise((resolve, reject) => {
    const asked = request(
      {
        agent,
        port,
        host: '127.0.0.1',
        method: 'POST',
        path: '/presence/ticket',
        headers: { 'x-user': userId, 'content-type': 'application/json', 'content-length': 2 },
      },
      (response) => {
        let text = '';
        response.on('data', (part: Buffer) => (text += part.toString()));
        response.on('end', () => {
          const { ticket } = JSON.parse(text) as { ticket?: string };
          if (ticket === undefined) reject(new Error(text));
          else resolve(ticket);
        });
      },
    );
    asked.on('error', reject);
    asked.end('{}');
  });

export interface Watched {
  readonly tenant?: true;
  readonly add?: readonly string[];
}

export const joinPresence = async (
  port: number,
  userId: string,
  watched: Watched,
  onSocket: (socket: WebSocket) => void = () => undefined,
  through = port,
): Promise<WebSocket> => {
  const ticket = await ticketOf(port, userId);
  const socket = await openSocket(`ws://127.0.0.1:${through}/presence/socket`);
  onSocket(socket);
  const joined = received(socket, '"ack"');
  socket.send(JSON.stringify({ type: 'hello', protocol: 1, ticket }));
  socket.send(JSON.stringify({ type: 'watch', id: 'w', ...watched, ref: 1 }));
  await joined;
  return socket;
};

export const joinSocketIO = async (
  port: number,
  userId = '',
  onSocket: (socket: WebSocket) => void = () => undefined,
): Promise<WebSocket> => {
  const socket = await openSocket(`ws://127.0.0.1:${port}/socket.io/?EIO=4&transport=websocket`);
  onSocket(socket);
  const joined = received(socket, '40{');
  socket.on('message', (content: Buffer) => {
    if (content.length === 1 && content.toString() === '2') socket.send('3');
  });
  socket.send(`40${JSON.stringify({ userId })}`);
  await joined;
  return socket;
};

/** Runs `task` for each index, so many at once. */
export const each = async (
  from: number,
  count: number,
  atOnce: number,
  task: (index: number) => Promise<void>,
): Promise<void> => {
  let next = from;
  const worker = async (): Promise<void> => {
    while (next < from + count) {
      const index = next;
      next += 1;
      await task(index);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
};

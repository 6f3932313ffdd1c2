import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createPresence, type Presence, type PresenceOptions } from '@presence/server';
import { expressPresence } from '@presence/server/express';
import { WebSocket } from 'ws';
import type { ServerFrame } from '@presence/core/protocol';

export interface Running {
  readonly presence: Presence;
  readonly server: Server;
  readonly port: number;
  readonly url: string;
  stop(): Promise<void>;
}

/** A real HTTP server with presence on it; `x-user` and `x-tenant` stand for a login. */
export const startServer = async (options: Partial<PresenceOptions> = {}): Promise<Running> => {
  const presence = createPresence({
    authenticate: (request: IncomingMessage) => {
      const userId = request.headers['x-user']?.toString();
      if (userId === undefined) return null;
      return { userId, tenant: request.headers['x-tenant']?.toString() ?? 'default' };
    },
    ...options,
  });
  const handle = expressPresence(presence);
  const server = createServer((request, response) => {
    request.url = request.url?.replace(/^\/presence/, '') ?? '/';
    handle(request, response, () => response.writeHead(500).end());
  });
  presence.attach(server);
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    presence,
    server,
    port,
    url: `ws://127.0.0.1:${port}/presence/socket`,
    stop: async () => {
      await presence.close();
      server.closeAllConnections();
      await new Promise((resolve) => {
        server.close(resolve);
      });
    },
  };
};

export const fetchTicket = async ({ port }: Running, userId: string, tenant = 'default') => {
  const response = await fetch(`http://127.0.0.1:${port}/presence/ticket`, {
    method: 'POST',
    headers: { 'x-user': userId, 'x-tenant': tenant, 'content-type': 'application/json' },
    body: '{}',
  });
  return ((await response.json()) as { ticket: string }).ticket;
};

export interface Client {
  readonly socket: WebSocket;
  readonly frames: ServerFrame[];
  readonly closed: Promise<{ code: number; reason: string }>;
  /** Resolves with the next frame of a type, which is taken out. */
  next<Type extends ServerFrame['type']>(type: Type): Promise<Extract<ServerFrame, { type: Type }>>;
  send(frame: object): void;
}

/** A plain WebSocket that speaks the protocol by hand. */
export const connect = (url: string): Client => {
  const socket = new WebSocket(url);
  const frames: ServerFrame[] = [];
  const waiting: (() => void)[] = [];
  let code: number | null = null;
  const wake = (): void => {
    for (const look of waiting.splice(0)) look();
  };
  const closed = new Promise<{ code: number; reason: string }>((resolve) => {
    socket.on('close', (closeCode, reason) => {
      code = closeCode;
      wake();
      resolve({ code: closeCode, reason: reason.toString() });
    });
  });
  socket.on('error', () => undefined);
  socket.on('message', (content: Buffer) => {
    frames.push(JSON.parse(content.toString()) as ServerFrame);
    wake();
  });
  const next = <Type extends ServerFrame['type']>(type: Type) =>
    new Promise<Extract<ServerFrame, { type: Type }>>((resolve, reject) => {
      const look = (): void => {
        const index = frames.findIndex((frame) => frame.type === type);
        if (index >= 0) resolve(frames.splice(index, 1)[0] as Extract<ServerFrame, { type: Type }>);
        else if (code !== null) reject(new Error(`closed with ${code} before a ${type}`));
        else waiting.push(look);
      };
      look();
    });
  const send = (frame: object): void => {
    if (socket.readyState === WebSocket.OPEN) socket.send(JSON.stringify(frame));
    else socket.once('open', () => socket.send(JSON.stringify(frame)));
  };
  return { socket, frames, closed, next, send };
};

/** Connected and welcomed. */
export const join = async (running: Running, userId: string, tenant = 'default') => {
  const client = connect(running.url);
  client.send({ type: 'hello', protocol: 1, ticket: await fetchTicket(running, userId, tenant) });
  const { sessionId } = await client.next('welcome');
  return { ...client, sessionId };
};

import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createPresence, type Presence, type PresenceOptions } from '@presence/server';
import { expressPresence } from '@presence/server/express';
import { attachSocketIO } from '@presence/server/socket.io';
import { Server, type Socket } from 'socket.io';
import { io, type ManagerOptions, type SocketOptions } from 'socket.io-client';

/** Who the application's own login says that a request or a socket is. */
interface Login {
  readonly user?: { readonly id: string; readonly tenant?: string };
}

/** An application with its own Socket.IO server, login and events, that attached presence. */
export const startSocketIO = async (options: Partial<PresenceOptions<Login>> = {}) => {
  const presence = createPresence<Login>({
    authenticate: ({ user }) => user && { userId: user.id, tenant: user.tenant },
    ...options,
  });
  const handle = expressPresence(presence as unknown as Presence);
  const server = createServer((request: IncomingMessage & Login, response) => {
    const id = request.headers['x-user']?.toString();
    if (id !== undefined) Object.assign(request, { user: { id } });
    request.url = request.url?.replace(/^\/presence/, '') ?? '/';
    handle(request, response, () => response.writeHead(500).end());
  });
  const sockets = new Server(server, { serveClient: false });
  sockets.use((socket, next) => {
    const { user, tenant } = socket.handshake.auth as { user?: string; tenant?: string };
    Object.assign(socket.data, user !== undefined && { user: { id: user, tenant } });
    next();
  });
  sockets.on('connection', (socket: Socket) => {
    socket.on('echo', (given: unknown, answer: (given: unknown) => void) => answer(given));
  });
  const detach = attachSocketIO(presence, sockets, {
    requestOf: ({ data }, auth) => (auth === undefined ? (data as Login) : (auth as Login)),
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    presence,
    sockets,
    detach,
    url: `http://127.0.0.1:${port}`,
    stop: async () => {
      await presence.close();
      await sockets.close();
    },
  };
};

export type Application = Awaited<ReturnType<typeof startSocketIO>>;

interface Heard {
  readonly name: string;
  readonly content: never;
}

/** An answer as the application's own code gets it. */
export interface Answered {
  readonly ok: boolean;
  readonly error?: { readonly code: string; readonly message: string };
  readonly [more: string]: unknown;
}

/** One socket of a page: what it hears of presence, and what it asks. */
export const openPage = (
  { url }: Application,
  user?: string,
  options: Partial<ManagerOptions & SocketOptions> = {},
) => {
  const auth = user === undefined ? {} : { user };
  const socket = io(url, { transports: ['websocket'], forceNew: true, auth, ...options });
  const heard: Heard[] = [];
  const waiting = new Set<() => void>();
  socket.onAny((name: string, content: unknown) => {
    heard.push({ name, content: content as never });
    for (const look of waiting) look();
  });
  /** Resolves with the content of the first event of a name that fits, heard already or not. */
  const next = <Content>(
    name: string,
    fits: (content: Content) => boolean = () => true,
  ): Promise<Content> =>
    new Promise((resolve) => {
      const look = (): void => {
        const index = heard.findIndex((one) => one.name === name && fits(one.content));
        if (index < 0) return;
        waiting.delete(look);
        resolve(heard.splice(index, 1)[0]!.content);
      };
      waiting.add(look);
      look();
    });
  const ask = (name: string, fields: unknown = {}): Promise<Answered> =>
    socket.timeout(20_000).emitWithAck(`presence:${name}`, fields) as Promise<Answered>;
  const disconnected = new Promise<string>((resolve) => socket.on('disconnect', resolve));
  return { socket, heard, next, ask, disconnected, close: () => socket.disconnect() };
};

export type Page = ReturnType<typeof openPage>;

// The servers of a storm: presence, the same by hand with Socket.IO, and one that does nothing but what no server of
// tickets and sockets can leave out.
import { createServer } from 'node:http';
import type { Server as SocketIO, Socket } from 'socket.io';
import { WebSocketServer } from 'ws';
import { listen, servePresence, serveSocketIO } from '../joining.ts';

export const presence = (): Promise<number> =>
  servePresence({ authenticate: (request) => ({ userId: String(request.headers['x-token']) }) })
    .port;

type Tell = (presence: object) => void;

/** Who is there, and the words that go out for each who comes or goes. */
const byHand = (tellerOf: (io: SocketIO, sockets: ReadonlyMap<string, Socket>) => Tell) => () => {
  const { io, port } = serveSocketIO();
  const online = new Map<string, { userId: string; status: string; since: number }>();
  const sockets = new Map<string, Socket>();
  const tell = tellerOf(io, sockets);
  io.on('connection', (socket) => {
    const { userId } = socket.handshake.auth as { userId: string };
    const presence = { userId, status: 'online', since: 1_700_000_000_000 };
    online.set(userId, presence);
    sockets.set(userId, socket);
    socket.emit('presences', [...online.values()]);
    tell(presence);
    socket.on('disconnect', () => {
      online.delete(userId);
      sockets.delete(userId);
      tell({ userId, status: 'offline' });
    });
  });
  return port;
};

/** What is written by hand: a map of sockets, and an emit to all of them for each who comes. */
export const socketIO = byHand((_io, sockets) => (presence) => {
  for (const socket of sockets.values()) socket.emit('presence', presence);
});

/** The same by whoever knows that Socket.IO encodes once what it sends to everybody. */
export const socketIOAtOnce = byHand((io) => (presence) => void io.emit('presence', presence));

/**
 * The floor: an answer to each who asks for a ticket, a handshake, and one message with as many bytes as a client of
 * presence got. Nobody is known, nothing is read or checked.
 */
export const bare = (bytes: number): Promise<number> => {
  const answer = JSON.stringify({ ticket: 'x'.repeat(200), expiresInMs: 10_000 });
  const server = createServer((request, response) => {
    request.resume();
    response.setHeader('content-type', 'application/json').end(answer);
  });
  const sockets = new WebSocketServer({ server, perMessageDeflate: false, clientTracking: false });
  const message = Buffer.alloc(bytes, 0x20);
  sockets.on('connection', (socket) => {
    socket.once('message', () => socket.send(message, { binary: false }));
  });
  return listen(server);
};

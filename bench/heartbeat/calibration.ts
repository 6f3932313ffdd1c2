// How fast this machine is at what servers do: the CPU of a connect to a WebSocket server that does nothing else.
import { createServer } from 'node:http';
import { connect, type Socket } from 'node:net';
import { WebSocketServer } from 'ws';
import { listen } from '../joining.ts';
import { median, type Side } from '../sides.ts';

/**
 * What a connect is on record for on the machine that the bounds were set on. Not measured by this very code there, so
 * what is derived from it is a hint; the raw difference is what counts.
 */
export const REFERENCE_CONNECT_US = 131;

const CONNECTS = 400;
const AT_ONCE = 32;
const WARM_UP = 5;
const ROUNDS = 9;

const UPGRADE =
  'GET / HTTP/1.1\r\nhost: localhost\r\nconnection: Upgrade\r\nupgrade: websocket\r\nsec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n';

export const startBareSockets = (): Promise<number> => {
  const server = createServer();
  const sockets = new WebSocketServer({ server, perMessageDeflate: false });
  sockets.on('connection', (socket) => socket.on('error', () => undefined));
  return listen(server);
};

const upgraded = (port: number): Promise<Socket> =>
  new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true }, () => socket.write(UPGRADE));
    socket.once('data', () => resolve(socket)).once('error', reject);
  });

const connectAll = async (port: number): Promise<readonly Socket[]> => {
  const sockets: Socket[] = [];
  let started = 0;
  const keepConnecting = async (): Promise<void> => {
    while (started < CONNECTS) {
      started += 1;
      sockets.push(await upgraded(port));
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, keepConnecting));
  return sockets;
};

const closed = (socket: Socket): Promise<void> =>
  new Promise((resolve) => {
    socket.once('close', () => resolve()).end();
  });

/** CPU of one connect, in microseconds. */
export const connectUs = async (server: Side): Promise<number> => {
  const port = await server.ask<number>('listen');
  const costs: number[] = [];
  for (let round = 0; round < WARM_UP + ROUNDS; round += 1) {
    const before = await server.ask<number>('cpu');
    const sockets = await connectAll(port);
    const used = (await server.ask<number>('cpu')) - before;
    if (round >= WARM_UP) costs.push((used * 1000) / CONNECTS);
    await Promise.all(sockets.map(closed));
  }
  return median(costs);
};

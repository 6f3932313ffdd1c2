import { Buffer } from 'node:buffer';
import { nextTick } from 'node:process';
import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';
import { CLOSE } from './ending.ts';
import type { Link } from './link.ts';
import type { Links } from './links.ts';
import type { Connection, SharedFrame } from './types.ts';

/*
 * One WebSocket as a Connection. `ws` does the handshake and reads; data frames and empty pings are
 * written to its stream directly, as bytes that are shared by all receivers. That is sound because
 * without compression `ws` keeps no queue of its own and writes each frame of its own whole, in one
 * synchronous step: frames cannot interleave. web-socket.test.ts pins it.
 *
 * Tens of thousands of these are held, so methods and listeners are shared: no closure per socket.
 */

/** FIN, opcode ping, no payload (RFC 6455, 5.5.2). */
const EMPTY_PING = Buffer.from([0x89, 0x00]);

const LINK = Symbol('presence link');

interface Carrier extends WebSocket {
  [LINK]?: Link;
}

interface SocketConnection extends Connection {
  readonly socket: WebSocket;
  readonly stream: Duplex;
}

const uncork = (stream: Duplex): void => stream.uncork();

const methods = {
  together(this: SocketConnection): void {
    const { stream } = this;
    if (stream.writableCorked > 0) return;
    stream.cork();
    // After the promises of this turn: what they send is part of it.
    nextTick(uncork, stream);
  },
  send(this: SocketConnection, frame: SharedFrame): void {
    if (this.socket.readyState === this.socket.OPEN) this.stream.write(frame.bytes);
  },
  ping(this: SocketConnection, marker: string): void {
    if (this.socket.readyState !== this.socket.OPEN) return;
    if (marker === '') this.stream.write(EMPTY_PING);
    else this.socket.ping(marker);
  },
  pong(this: SocketConnection, payload: Uint8Array): void {
    if (this.socket.readyState === this.socket.OPEN) this.socket.pong(payload);
  },
  get queuedBytes(): number {
    return (this as unknown as SocketConnection).stream.writableLength;
  },
  close(this: SocketConnection, code: number, reason: string): void {
    this.socket.close(code, reason);
  },
  terminate(this: SocketConnection): void {
    this.socket.terminate();
  },
};

/** What goes wrong on a socket ends the socket: `ws` closes it, and `close` follows. */
const onError = (): void => undefined;

/** Listeners of one gateway, for all of its sockets. */
const createListeners = (links: Links, onClosed: (link: Link) => void) => ({
  message(this: Carrier, content: unknown, isBinary: boolean): void {
    const link = this[LINK];
    if (!link) return;
    if (isBinary) links.binary(link);
    else links.message(link, content as Buffer);
  },
  ping(this: Carrier, payload: Buffer): void {
    const link = this[LINK];
    if (link) links.ping(link, payload);
  },
  pong(this: Carrier, payload: Buffer): void {
    const link = this[LINK];
    if (link) links.pong(link, payload.length === 0 ? '' : payload.toString('latin1'));
  },
  close(this: Carrier): void {
    const link = this[LINK];
    delete this[LINK];
    if (link) onClosed(link);
  },
});

/** Drives a link by a WebSocket. `stream` is what carried its handshake. */
export type Carry = (socket: WebSocket, stream: Duplex, address: string) => void;

export const createCarry = (links: Links, onClosed: (link: Link) => void): Carry => {
  const listeners = createListeners(links, onClosed);
  return (socket, stream, address) => {
    const carrier: Carrier = socket;
    const connection = Object.assign(Object.create(methods) as Connection, {
      address,
      socket,
      stream,
    });
    carrier.on('error', onError);
    const link = links.accept(connection);
    if (link === null) return connection.close(CLOSE.restart, 'draining');
    carrier[LINK] = link;
    carrier.on('message', listeners.message);
    carrier.on('ping', listeners.ping);
    carrier.on('pong', listeners.pong);
    carrier.on('close', listeners.close);
  };
};

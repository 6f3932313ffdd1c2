import { Buffer } from 'node:buffer';
import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';
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
  [LINK]?: { readonly link: Link; readonly links: Links; onClosed(link: Link): void };
}

interface SocketConnection extends Connection {
  readonly socket: WebSocket;
  readonly stream: Duplex;
}

const methods = {
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

function onMessage(this: Carrier, content: unknown, isBinary: boolean): void {
  const carried = this[LINK];
  if (!carried) return;
  if (isBinary) carried.links.binary(carried.link);
  else carried.links.message(carried.link, (content as Buffer).toString());
}

function onPing(this: Carrier, payload: Buffer): void {
  const carried = this[LINK];
  carried?.links.ping(carried.link, payload);
}

function onPong(this: Carrier, payload: Buffer): void {
  const carried = this[LINK];
  carried?.links.pong(carried.link, payload.length === 0 ? '' : payload.toString('latin1'));
}

function onClose(this: Carrier): void {
  const carried = this[LINK];
  delete this[LINK];
  carried?.onClosed(carried.link);
}

/** What goes wrong on a socket ends the socket: `ws` closes it, and `close` follows. */
const onError = (): void => undefined;

/** Drives a link by a WebSocket. `stream` is what carried its handshake. */
export const carry = (
  parts: { readonly links: Links; onClosed(link: Link): void },
  socket: WebSocket,
  stream: Duplex,
  address: string,
): void => {
  const carrier: Carrier = socket;
  const connection = Object.assign(Object.create(methods) as Connection, {
    address,
    socket,
    stream,
  });
  carrier.on('error', onError);
  const link = parts.links.accept(connection);
  if (link === null) return connection.close(1012, 'draining');
  carrier[LINK] = { link, links: parts.links, onClosed: parts.onClosed };
  carrier.on('message', onMessage);
  carrier.on('ping', onPing);
  carrier.on('pong', onPong);
  carrier.on('close', onClose);
};

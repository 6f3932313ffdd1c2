import { Buffer } from 'node:buffer';
import { nextTick } from 'node:process';
import type { Duplex } from 'node:stream';
import { WebSocket, type ServerOptions } from 'ws';
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
 * Tens of thousands of these are held, so methods are shared: no closure per socket.
 */

/** FIN, opcode ping, no payload (RFC 6455, 5.5.2). */
const EMPTY_PING = Buffer.from([0x89, 0x00]);

const uncork = (stream: Duplex): void => stream.uncork();

/**
 * The sockets of one gateway. Each is the connection itself, and hands over what arrives instead of
 * keeping listeners: objects between the two, and a table of listeners, would be a tenth of its memory.
 */
const createSocketClass = (links: Links, onClosed: (link: Link) => void) =>
  class LinkSocket extends WebSocket implements Connection {
    stream: Duplex | null = null;
    link: Link | null = null;

    together(): void {
      const { stream } = this;
      if (stream === null || stream.writableCorked > 0) return;
      stream.cork();
      // After the promises of this turn: what they send is part of it.
      nextTick(uncork, stream);
    }

    get isWritable(): boolean {
      return this.readyState === WebSocket.OPEN && this.stream?.writable === true;
    }

    write(frame: SharedFrame): void {
      if (this.readyState === WebSocket.OPEN) this.stream?.write(frame.bytes);
    }

    override ping(marker: string): void {
      if (this.readyState !== WebSocket.OPEN) return;
      if (marker === '') this.stream?.write(EMPTY_PING);
      else super.ping(marker);
    }

    override pong(payload: Uint8Array): void {
      if (this.readyState === WebSocket.OPEN) super.pong(payload);
    }

    override emit(event: string | symbol, content?: unknown, isBinary?: unknown): boolean {
      const { link } = this;
      if (link === null) return true;
      if (event === 'message') {
        if (isBinary === true) links.binary(link);
        else links.message(link, content as Buffer);
      } else if (event === 'ping') {
        links.ping(link, content as Buffer);
      } else if (event === 'pong') {
        links.pong(link, (content as Buffer).toString('latin1'));
      } else if (event === 'close') {
        this.link = null;
        onClosed(link);
      }
      // What goes wrong on a socket ends the socket: `ws` closes it, and `close` follows.
      return true;
    }
  };

/** Drives links by WebSockets. */
export interface Carrier {
  /** What a `WebSocketServer` has to make. */
  readonly Socket: NonNullable<ServerOptions['WebSocket']>;
  /** `stream` is what carried the socket's handshake. */
  carry(socket: WebSocket, stream: Duplex): void;
}

export const createCarrier = (links: Links, onClosed: (link: Link) => void): Carrier => {
  const Socket = createSocketClass(links, onClosed);
  return {
    Socket,
    carry: (given, stream) => {
      const socket = given as InstanceType<typeof Socket>;
      socket.stream = stream;
      socket.link = links.accept(socket);
      if (socket.link === null) return socket.close(CLOSE.restart, 'draining');
      // What an emitter without listeners may have instead of its table; a listener would make a new one.
      Object.assign(socket, { _events: undefined });
    },
  };
};

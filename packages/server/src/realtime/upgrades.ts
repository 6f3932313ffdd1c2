import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Cancel } from '@presence/core';
import { LIMITS } from '@presence/core/protocol';
import { WebSocketServer, type ServerOptions } from 'ws';
import type { Node } from '../context.ts';
import { addressKey, clientAddress } from '../security/address.ts';
import { perMinute } from '../security/rate-limit.ts';
import type { Link } from './link.ts';
import type { Links } from './links.ts';
import { createCarrier } from './web-socket.ts';

/** The WebSocket side of a node: which upgrades are its own, and what becomes of the others. */
export interface Upgrades {
  attach(server: Server, path: string): Cancel;
  /** Lets go of every server. */
  close(): void;
}

interface Parts {
  readonly node: Node;
  readonly links: Links;
  onClosed(link: Link): void;
}

type Take = (request: IncomingMessage, stream: Duplex, head: Buffer) => void;

/** A peer that does not answer a close frame is cut after so long. */
const CLOSE_ANSWER_MS = 5000;

/**
 * Paths that presences on one server take. One listener for all of them, so that each knows of the
 * others which upgrades are nobody's.
 */
const doors = new WeakMap<Server, { readonly paths: Map<string, Take>; readonly listener: Take }>();

const refuse = (stream: Duplex, status: string, headers = ''): void => {
  stream.on('error', () => undefined);
  stream.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n${headers}\r\n`, () =>
    stream.destroy(),
  );
};

/** Node keeps a peer's address once it was asked for: a third object for each socket, and asked for no more. */
const forgetPeer = (stream: Duplex): void => {
  if ('_peername' in stream) stream._peername = undefined;
};

const pathOf = ({ url = '' }: IncomingMessage): string => {
  const end = url.search(/[?#]/);
  return end < 0 ? url : url.slice(0, end);
};

const doorOf = (server: Server) => {
  const known = doors.get(server);
  if (known) return known;
  const paths = new Map<string, Take>();
  const listener: Take = (request, stream, head) => {
    const take = paths.get(pathOf(request));
    if (take) take(request, stream, head);
    // An application's own listeners see it as well, and decide.
    else if (server.listenerCount('upgrade') === 1) refuse(stream, '404 Not Found');
  };
  const door = { paths, listener };
  doors.set(server, door);
  server.on('upgrade', listener);
  return door;
};

const release = (server: Server, path: string, take: Take): void => {
  const door = doors.get(server);
  if (door?.paths.get(path) !== take) return;
  door.paths.delete(path);
  if (door.paths.size > 0) return;
  server.off('upgrade', door.listener);
  doors.delete(server);
};

export const createUpgrades = ({ node, links, onClosed }: Parts): Upgrades => {
  const { limits, clock, trustProxy, logger } = node.options;
  const attached = new Set<Cancel>();
  const carrier = createCarrier(links, onClosed);
  const handshakes = perMinute(limits.perAddressPerMinute, clock);
  const settings: ServerOptions & { readonly closeTimeout: number } = {
    noServer: true,
    WebSocket: carrier.Socket,
    // The gateway knows its links; a second list of them would cost memory.
    clientTracking: false,
    // Pings of a peer count as frames, and are answered after that.
    autoPong: false,
    perMessageDeflate: false,
    maxPayload: LIMITS.bodyBytes,
    closeTimeout: CLOSE_ANSWER_MS,
  };
  const sockets = new WebSocketServer(settings);
  sockets.on('wsClientError', (error, stream) => {
    logger.debug({ err: error }, '[presence/realtime] A handshake was refused.');
    refuse(stream, '400 Bad Request');
  });

  const take: Take = (request, stream, head) => {
    const forwarded = request.headers['x-forwarded-for'];
    const peer = request.socket.remoteAddress ?? '';
    const address = clientAddress(peer, forwarded?.toString(), trustProxy);
    if (node.isDraining()) return refuse(stream, '503 Service Unavailable', 'Retry-After: 1\r\n');
    const waitMs = handshakes.take(addressKey(address));
    if (waitMs !== null) {
      const seconds = Math.ceil(waitMs / 1000);
      return refuse(stream, '429 Too Many Requests', `Retry-After: ${seconds}\r\n`);
    }
    sockets.handleUpgrade(request, stream, head, (socket) => {
      carrier.carry(socket, stream);
      forgetPeer(stream);
    });
  };

  return {
    attach: (server, path) => {
      const door = doorOf(server);
      door.paths.set(path, take);
      const cancel = (): void => {
        attached.delete(cancel);
        release(server, path, take);
      };
      attached.add(cancel);
      return cancel;
    },
    close: () => {
      for (const cancel of attached) cancel();
    },
  };
};

import { createPresenceClient, type PresenceClient } from '@presence/client';
import { socketIO } from '@presence/client/socket.io';
import type { TalkLine } from '@presence/example-shared/web/use-talk.ts';
import { io, type Socket } from 'socket.io-client';
import { fetchAs, type Login } from './api.ts';
import { lineOver } from './line.ts';

/** The one connection of a window: the chat's own events go over it, and presence too. */
export interface Connection {
  readonly socket: Socket;
  readonly client: PresenceClient;
  readonly line: TalkLine;
}

export const connect = (login: Login): Connection => {
  const socket = io({ auth: { token: login.token }, transports: ['websocket', 'polling'] });
  const client = createPresenceClient({
    url: '/presence',
    // No `userId`: each window of this demo is somebody of its own, with a connection of its own.
    fetch: fetchAs(login),
    sockets: socketIO(socket),
    transport: 'websocket',
    device: 'web',
  });
  return { socket, client, line: lineOver(socket) };
};

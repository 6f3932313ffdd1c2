import type { IncomingMessage } from 'node:http';
import type { Namespace, Server, Socket } from 'socket.io';
import type { Presence } from '../index.ts';
import { createConversation } from './socket-io/conversation.ts';
import { createRequests } from './socket-io/requests.ts';

/** What {@link attachSocketIO} may be told. */
export interface SocketIOOptions<Request> {
  /**
   * What `authenticate` gets for a socket. `auth` is what the client's `presence:hello` brought, `undefined`
   * where it brought nothing. Default: the request of the handshake, as the middleware of `io.engine` left it.
   *
   * @example
   * requestOf: (socket) => ({ user: socket.data.user })
   */
  readonly requestOf?: (socket: Socket, auth: unknown) => Request;
}

const namespaceOf = (io: Server | Namespace): Namespace => ('of' in io ? io.of('/') : io);

/**
 * Presence over connections that the application has already: every event that begins with `presence` is
 * taken, all others are left alone. A socket's session begins with its `presence:hello`.
 *
 * Nothing is sent over adapters of Socket.IO: what happens on another node comes through presence's own store.
 *
 * @param io a server (its namespace `/`) or a namespace
 * @returns stops listening; links that are open end as if their connections were lost
 * @example
 * attachSocketIO(presence, io, { requestOf: (socket) => ({ user: socket.data.user }) })
 */
export const attachSocketIO = <Request = IncomingMessage>(
  presence: Presence<Request>,
  io: Server | Namespace,
  { requestOf = (socket) => socket.request as unknown as Request }: SocketIOOptions<Request> = {},
): (() => void) => {
  const namespace = namespaceOf(io);
  const detachers = new Set<() => void>();

  const take = (socket: Socket): void => {
    const { heard, ended } = createConversation({
      presence,
      socket,
      requestsAs: (auth) => createRequests(presence, socket, () => requestOf(socket, auth)),
    });
    const onAny = (event: string, ...given: unknown[]): void => heard(event, given);
    const detach = (reason: string): void => {
      detachers.delete(detachThis);
      socket.offAny(onAny);
      socket.off('disconnect', detach);
      ended(reason);
    };
    const detachThis = (): void => detach('detached');
    detachers.add(detachThis);
    socket.onAny(onAny);
    socket.on('disconnect', detach);
  };

  namespace.on('connection', take);
  for (const socket of namespace.sockets.values()) take(socket);
  return () => {
    namespace.off('connection', take);
    for (const detach of detachers) detach();
  };
};

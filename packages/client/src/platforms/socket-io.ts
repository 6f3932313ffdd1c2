import type { Transport } from '../types.ts';

/** What of a socket of `socket.io-client` carries presence. */
export interface SocketIOSocket {
  readonly connected: boolean;
  emit(event: string, ...given: unknown[]): unknown;
  on(event: string, listener: (...given: string[]) => void): unknown;
  off(event: string, listener: (...given: string[]) => void): unknown;
}

interface Closed {
  readonly code: number;
  readonly reason: string;
}

/** The link just broke, as browsers call it (RFC 6455, 7.1.5). */
const BROKEN = 1006;

/**
 * Carries a client over the application's own connection to Socket.IO, where the server has attached presence to
 * it. The client opens no WebSocket then; tickets come over HTTP as ever. Each tab has a connection of its own in such an
 * application, and one of them carries the client.
 *
 * @example
 * createPresenceClient({ url: '/presence', userId: me.id, sockets: socketIO(socket) })
 */
export const socketIO = (socket: SocketIOSocket): Transport => ({
  connect: (_url, events) => {
    const open = (): void => {
      socket.emit('presence:open');
      events.open();
    };
    const end = (code: number, reason: string): void => {
      stop();
      events.closed(code, reason);
    };
    const listeners: readonly (readonly [string, (...given: string[]) => void])[] = [
      ['connect', open],
      ['presence', (text: string) => events.message(text)],
      [
        'presence:closed',
        (closed: unknown) => end((closed as Closed).code, (closed as Closed).reason),
      ],
      ['disconnect', (reason: string) => end(BROKEN, reason)],
    ];
    const stop = (): void => {
      for (const [event, listener] of listeners) socket.off(event, listener);
    };
    for (const [event, listener] of listeners) socket.on(event, listener);
    // Not before the link was given: who hears of it speaks at once.
    if (socket.connected) queueMicrotask(open);
    return {
      send: (text) => void socket.emit('presence', text),
      close: () => {
        stop();
        if (socket.connected) socket.emit('presence:end');
      },
    };
  },
});

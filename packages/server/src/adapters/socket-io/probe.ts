import type { Socket } from 'socket.io';

type Engine = Socket['conn'];

/** What `ws` has, and with it whoever speaks WebSocket beneath Socket.IO. */
interface NativeSocket {
  ping(marker: string): void;
  on(event: 'pong', listener: (marker: Uint8Array) => void): void;
  off(event: 'pong', listener: (marker: Uint8Array) => void): void;
}

/** Finds out whether the other end is there, and what of all that was sent has arrived. */
export interface Probe {
  /** Answered with the same marker once everything sent before it was taken. */
  ask(marker: string): void;
  stop(): void;
}

/**
 * The WebSocket beneath, if there is one. Its pings are answered by the browser itself, in order behind
 * what was sent, and in hidden pages too; Socket.IO's own are answered by the page's code.
 */
const nativeOf = ({ transport }: Engine): NativeSocket | null => {
  const { socket } = transport as unknown as { readonly socket?: Partial<NativeSocket> };
  const isNative = transport.name === 'websocket' && typeof socket?.ping === 'function';
  return isNative && typeof socket.on === 'function' ? (socket as NativeSocket) : null;
};

/**
 * @param answered called with the marker of each question that was answered
 */
export const createProbe = (engine: Engine, answered: (marker: string) => void): Probe => {
  let heard: NativeSocket | null = null;
  const onPong = (marker: Uint8Array): void => answered(Buffer.from(marker).toString('latin1'));

  const hear = (native: NativeSocket): void => {
    if (heard === native) return;
    heard?.off('pong', onPong);
    heard = native;
    native.on('pong', onPong);
  };

  const isFlushed = (): boolean =>
    (engine as unknown as { readonly writeBuffer: readonly unknown[] }).writeBuffer.length === 0;

  /** Socket.IO ends a dead connection by itself; what waits for a poll or a stream is taken with the next one. */
  const askEngine = (marker: string): void => {
    if (marker === '' || isFlushed()) queueMicrotask(() => answered(marker));
    else engine.once('drain', () => answered(marker));
  };

  return {
    ask: (marker) => {
      const native = nativeOf(engine);
      if (!native) return askEngine(marker);
      hear(native);
      native.ping(marker);
    },
    stop: () => {
      heard?.off('pong', onPong);
      heard = null;
    },
  };
};

import { listen } from '../listen.ts';
import type { Transport } from '../types.ts';

/** The platform's WebSocket. */
export const webSocketTransport: Transport = {
  connect(url, events) {
    const socket = new WebSocket(url);
    listen(socket, 'open', events.open);
    listen(socket, 'message', ({ data }: MessageEvent) => events.message(data));
    listen(socket, 'close', ({ code, reason }: CloseEvent) => events.closed(code, reason));
    return socket;
  },
};

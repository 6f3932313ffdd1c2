import type { Transport } from '../types.ts';

/** The platform's WebSocket. */
export const webSocketTransport: Transport = {
  connect(url, events) {
    const socket = new WebSocket(url);
    socket.addEventListener('open', () => events.open());
    socket.addEventListener('message', ({ data }) => events.message(data));
    socket.addEventListener('close', ({ code, reason }) => events.closed(code, reason));
    return socket;
  },
};

// One node of each side, over one Redis: presence, a publish for each change and a send for each watcher by hand, and
// Socket.IO with its Redis adapter.
import { createAdapter } from '@socket.io/redis-adapter';
import { redisStore } from '@presence/server/redis';
import type { Redis } from 'ioredis';
import type { WebSocket } from 'ws';
import { serveBare, servePresence, serveSocketIO } from '../joining.ts';
import type { Side } from './changes.ts';

interface Watch {
  readonly add: readonly string[];
}

const presence = (redis: Redis, onChange?: () => void): Promise<number> => {
  const served = servePresence({
    authenticate: (request) => ({ userId: String(request.headers['x-token']) }),
    store: redisStore({ redis, prefix: 'bench' }),
  });
  if (onChange) served.presence.on('change', onChange);
  return served.port;
};

/** The least that does it: every change is published, and each node sends it to whoever watches the user there. */
const bare = (redis: Redis): Promise<number> => {
  const watching = new Map<string, Set<WebSocket>>();
  const feed = redis.duplicate();
  void feed.subscribe('changes');
  feed.on('message', (_channel, text: string) => {
    const { userId } = JSON.parse(text) as { userId: string };
    for (const socket of watching.get(userId) ?? []) socket.send(text);
  });
  return serveBare((socket) => {
    socket.on('message', (content: Buffer) => {
      const said = JSON.parse(content.toString()) as Watch & { type: string };
      if (said.type !== 'watch') {
        void redis.publish('changes', JSON.stringify({ ...said, since: Date.now() }));
        return;
      }
      for (const id of said.add) {
        const watchers = watching.get(id) ?? new Set();
        watching.set(id, watchers.add(socket));
      }
    });
  }).port;
};

const socketIO = (redis: Redis): Promise<number> => {
  const { io, port } = serveSocketIO();
  io.adapter(createAdapter(redis, redis.duplicate()));
  io.on('connection', (socket) => {
    const { userId } = socket.handshake.auth as { userId: string };
    socket.on('watch', ({ add }: Watch) => void socket.join([...add]));
    socket.on('status', (change: object) => {
      io.to(userId).emit('presence', { userId, ...change, since: Date.now() });
    });
  });
  return port;
};

export const servers: Record<Side, (redis: Redis, onChange?: () => void) => Promise<number>> = {
  presence,
  bare,
  'socket.io': socketIO,
};

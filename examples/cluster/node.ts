// One node of the application. Start as many as you like: all that they share is Redis and a secret.
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createPresence, type PolicyOptions } from '@presence/server';
import { expressPresence } from '@presence/server/express';
import { redisStore } from '@presence/server/redis';
import express from 'express';
import { Redis } from 'ioredis';
import type { FromNode } from './messages.ts';

const env = process.env;
const silent = (): void => undefined;
const logger = { debug: silent, info: silent, warn: console.warn, error: console.error };

// Lazily: presence opens connections of its own to where this client goes.
const redis = new Redis(env.REDIS_URL ?? 'redis://127.0.0.1:6379', { lazyConnect: true });
const store = redisStore({ redis, prefix: env.PRESENCE_PREFIX ?? 'presence', logger });

const presence = createPresence<IncomingMessage>({
  // The proxy in front knows who is signed in, and says so in a header that it lets nobody else set.
  authenticate: ({ headers }) =>
    typeof headers['x-user'] === 'string' ? { userId: headers['x-user'] } : null,
  store,
  policy: JSON.parse(env.PRESENCE_POLICY ?? '{}') as PolicyOptions,
  security: {
    // The same on all nodes: a ticket of one is good at another.
    ...(env.PRESENCE_SECRET && { secret: env.PRESENCE_SECRET }),
    trustProxy: true,
  },
  logger,
});

let isStopping = false;
const app = express().disable('x-powered-by');
app.use('/presence', expressPresence(presence));
app.get('/ready', (_request, response) => {
  response.status(isStopping ? 503 : 200).json({ version: Number(env.APP_VERSION ?? 1) });
});

const server = createServer(app);
presence.attach(server);

/** A deploy: everybody is asked to come back on another node, and nobody is seen leaving. */
const stop = async (): Promise<void> => {
  isStopping = true;
  await presence.drain();
  await presence.close();
  await store.close();
  server.close(() => process.exit(0));
  server.closeAllConnections();
};
process.once('SIGTERM', () => void stop());

// ── For the page of this example; your nodes need none of it ─────────────────────────────────────

const tell = (message: FromNode): void => void (process.connected && process.send?.(message));

presence.on('change', ({ presence: { userId, status } }) => {
  tell({ type: 'change', userId, status });
});

// Ctrl+C reaches every process of the terminal; who started this one decides when it stops.
process.on('SIGINT', silent);
process.once('disconnect', () => process.exit(1));

server.listen(Number(env.PORT ?? 0), '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo;
  const { nodeLeaseMs, grace } = presence.policyOf('default');
  tell({ type: 'listening', port, nodeLeaseMs, drainMs: grace.drainMs });
});

// What an application does with the packages, for any Node that they say they run on. Prints what came of it.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import Fastify, { type FastifyRequest } from 'fastify';
import { Redis } from 'ioredis';
import { createPresenceClient } from '@presence/client';
import { createPresence } from '@presence/server';
import { expressPresence, touchPresence } from '@presence/server/express';
import { fastifyPresence } from '@presence/server/fastify';
import { createFetchHandler } from '@presence/server/fetch';
import { redisStore } from '@presence/server/redis';

const secret = 'a secret of the tests, long enough to be one';
const say = (what: string, value: unknown): void => console.log(`${what}: ${String(value)}`);

console.log(process.version);

const app = express();
const overMemory = createPresence<express.Request>({
  authenticate: (request) => ({ userId: request.get('x-user') ?? 'nobody' }),
  history: {},
});
app.use('/presence', expressPresence(overMemory));
app.use(touchPresence(overMemory));
const server = createServer(app);
overMemory.attach(server);
await new Promise<void>((resolve) => {
  server.listen(0, '127.0.0.1', resolve);
});
const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/presence`;

const client = createPresenceClient({
  url,
  userId: 'ada',
  fetch: (address, init) => {
    const headers = { ...Object.fromEntries(new Headers(init?.headers)), 'x-user': 'ada' };
    return fetch(address, { ...init, headers });
  },
});
client.start();
await client.setStatus('busy', { message: 'Writing' });
say('client over express', (await overMemory.get('ada')).status);
say('history', (await overMemory.history.read('ada')).steps.length > 0);
client.stop();

const fastify = Fastify();
const overRedis = redisStore({
  redis: new Redis(process.env['REDIS_URL']!, { lazyConnect: true }),
  prefix: `node20-${process.pid}`,
});
const presence = createPresence<FastifyRequest>({
  authenticate: ({ headers }) => ({ userId: String(headers['x-user']) }),
  store: overRedis,
  security: { secret },
});
await fastify.register(fastifyPresence, { presence, prefix: '/presence' });
const beat = await fastify.inject({
  method: 'POST',
  url: '/presence/heartbeat',
  headers: { 'x-user': 'grace', 'content-type': 'application/json' },
  payload: '{}',
});
say('fastify', beat.statusCode);
say('redis', (await presence.get('grace')).status);
await presence.forget('grace');

const handler = createFetchHandler(createPresence<Request>({ authenticate: () => null }));
say('fetch', (await handler(new Request('https://app.example/presence/health/live'))).status);
process.exit(0);

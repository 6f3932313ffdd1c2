import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createPresence, type Presence } from '@presence/server';
import { expressPresence } from '@presence/server/express';
import { fastifyPresence } from '@presence/server/fastify';
import express from 'express';
import fastify, { type FastifyRequest } from 'fastify';

interface User {
  readonly id: string;
}

/** The application's login: a token that it knows. */
const logins = new Map<string, User>();
for (let index = 0; index < 2000; index += 1) logins.set(`t${index}`, { id: `user-${index}` });

const userOf = (headers: IncomingMessage['headers']): User | null =>
  logins.get(String(headers['x-token'])) ?? null;

/** Every limit is asked, and none is met. */
const unlimited = 1e12;

const presenceFor = <Request extends { user?: User | null }>(): Presence<Request> =>
  createPresence<Request>({
    authenticate: ({ user }) => (user ? { userId: user.id } : null),
    security: { limits: { beatsPerMinute: unlimited, perAddressPerMinute: unlimited } },
  });

/** What a bare route answers: the same fields, so the same size. */
const bareAnswer = (user: User | null | undefined, body: unknown) => ({
  sessionId: (body as { sessionId: string }).sessionId,
  userId: user?.id ?? '',
  status: 'online',
  version: 1_700_000_000_000,
  nextBeatMs: 30_000,
  leaseMs: 120_000,
  asOf: Date.now(),
});

type ExpressRequest = IncomingMessage & { user?: User | null };

/** A bare route and presence, side by side behind one login; the port that they listen on. */
export const startExpress = async (): Promise<number> => {
  const app = express();
  app.use((request: ExpressRequest, _response, next) => {
    request.user = userOf(request.headers);
    next();
  });
  app.post('/bare', express.json(), (request, response) => {
    response.json(bareAnswer((request as ExpressRequest).user, request.body));
  });
  app.use('/presence', expressPresence(presenceFor<ExpressRequest>()));
  const server = createServer(app);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
};

type LoggedIn = FastifyRequest & { user?: User | null };

/** The same on Fastify. */
export const startFastify = async (): Promise<number> => {
  const app = fastify();
  app.decorateRequest('user', null);
  app.addHook('onRequest', (request: LoggedIn, _reply, done) => {
    request.user = userOf(request.headers);
    done();
  });
  app.post('/bare', (request: LoggedIn, reply) => {
    void reply.send(bareAnswer(request.user, request.body));
  });
  await app.register(fastifyPresence, {
    presence: presenceFor<LoggedIn>() as unknown as Presence<FastifyRequest>,
    prefix: '/presence',
  });
  await app.listen({ port: 0, host: '127.0.0.1' });
  return (app.server.address() as AddressInfo).port;
};

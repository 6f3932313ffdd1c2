import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createSeededRandom, createVirtualClock, type VirtualClock } from '@presence/core/testing';
import { createPresence, memoryStore, type Presence, type PresenceOptions } from '@presence/server';
import { expressPresence } from '@presence/server/express';
import { fastifyPresence } from '@presence/server/fastify';
import { createFetchHandler } from '@presence/server/fetch';
import { createAdaptorServer } from '@hono/node-server';
import express5 from 'express';
import express4 from 'express4';
import { Hono } from 'hono';
import fastify, { type FastifyRequest } from 'fastify';

/** How often a store was asked to change something. */
interface Writes {
  count: number;
}

interface Part<Request> {
  readonly presence: Presence<Request>;
  readonly clock: VirtualClock;
  readonly writes: Writes;
}

/** An application of one framework with presence mounted at `/presence`, on a port of its own. */
export interface RunningApp extends Part<never> {
  readonly name: string;
  readonly url: string;
  close(): Promise<void>;
}

export type Options = Omit<PresenceOptions<never>, 'authenticate' | 'store' | 'testing'>;

type Headers = IncomingMessage['headers'];

/** The login of these applications: `x-user`, `x-tenant` and the rest in headers. */
const principalOf = ({ 'x-user': user, 'x-tenant': tenant, 'x-issued-at': issuedAt }: Headers) =>
  user === undefined
    ? null
    : {
        userId: decodeURIComponent(String(user)),
        ...(tenant !== undefined && { tenant: String(tenant) }),
        ...(issuedAt !== undefined && { issuedAt: Number(issuedAt) }),
      };

const SECRET = 'only for tests: 32 characters it is';

/** Time stands still and chance is seeded, so that equal requests give equal bytes everywhere. */
const part = <Request>(
  options: Options,
  headersOf: (request: Request) => Headers,
): Part<Request> => {
  const clock = createVirtualClock();
  const writes: Writes = { count: 0 };
  const store = memoryStore({ clock });
  const counted: typeof store = {
    ...store,
    commit: (given) => {
      writes.count += 1;
      return store.commit(given);
    },
    renew: (leases, validUntil) => {
      writes.count += 1;
      return store.renew(leases, validUntil);
    },
  };
  const presence = createPresence<Request>({
    ...(options as PresenceOptions<Request>),
    authenticate: (request) => principalOf(headersOf(request)),
    security: { secret: SECRET, ...options.security },
    store: counted,
    testing: { clock, random: createSeededRandom(7) },
  });
  return { presence, clock, writes };
};

const listening = async (server: Server): Promise<string> => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
};

const closed = (server: Server): Promise<void> =>
  new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });

/** The code of what the application's own parser refuses before presence sees it. */
export const BY_THE_APPLICATION = 'by_the_application';

const refusedByTheApplication: express5.ErrorRequestHandler = (error, _request, response, next) => {
  if (response.headersSent) {
    next(error);
    return;
  }
  const { status = 500, message } = error as { status?: number; message: string };
  response.status(status).json({ error: { code: BY_THE_APPLICATION, message } });
};

/** Any Express: the two major versions have the same face, and types of their own. */
const startExpress = async (
  name: string,
  express: typeof express5,
  options: Options,
  withParser: boolean,
): Promise<RunningApp> => {
  const made = part<IncomingMessage>(options, ({ headers }) => headers);
  const app = express();
  if (withParser) app.use(express.json({ limit: '1mb' }));
  app.use('/presence', expressPresence(made.presence));
  app.use(refusedByTheApplication);
  const server = createServer(app);
  const url = await listening(server);
  const close = async (): Promise<void> => {
    await made.presence.close();
    await closed(server);
  };
  return { ...(made as unknown as Part<never>), name, url, close };
};

const startFastify = async (options: Options): Promise<RunningApp> => {
  const made = part<FastifyRequest>(options, ({ headers }) => headers);
  const app = fastify({ forceCloseConnections: true });
  await app.register(fastifyPresence, { presence: made.presence, prefix: '/presence' });
  const url = await app.listen({ port: 0, host: '127.0.0.1' });
  return {
    ...(made as unknown as Part<never>),
    name: 'Fastify',
    url,
    close: () => app.close(),
  };
};

/** Hono hands its `Request` over, as any server of fetch's kind does. */
const startHono = async (options: Options): Promise<RunningApp> => {
  const made = part<Request>(options, (request) => Object.fromEntries(request.headers));
  const app = new Hono();
  const handler = createFetchHandler(made.presence);
  app.all('/presence/*', (context) => handler(context.req.raw));
  app.all('/presence', (context) => handler(context.req.raw));
  const server = createAdaptorServer({ fetch: app.fetch }) as Server;
  const url = await listening(server);
  const close = async (): Promise<void> => {
    await made.presence.close();
    await closed(server);
  };
  return { ...(made as unknown as Part<never>), name: 'Hono', url, close };
};

const asExpress5 = (express: unknown): typeof express5 => express as typeof express5;

/** One of each, alike in everything but the framework. */
export const startApps = (options: Options = {}): Promise<readonly RunningApp[]> =>
  Promise.all([
    startExpress('Express 5', express5, options, false),
    startExpress('Express 5 behind its JSON parser', express5, options, true),
    startExpress('Express 4', asExpress5(express4), options, false),
    startExpress('Express 4 behind its JSON parser', asExpress5(express4), options, true),
    startFastify(options),
    startHono(options),
  ]);

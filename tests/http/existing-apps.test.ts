// An application that was there before: its own login, parser, error handler, compression and Socket.IO on one port.
// With presence mounted everything of it goes on as before.
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import compress from '@fastify/compress';
import { createPresence, type Presence } from '@presence/server';
import { expressPresence, touchPresence as touchExpress } from '@presence/server/express';
import { fastifyPresence, touchPresence as touchFastify } from '@presence/server/fastify';
import compression from 'compression';
import express5 from 'express';
import express4 from 'express4';
import fastify, { type FastifyRequest } from 'fastify';
import { Server as SocketIoServer } from 'socket.io';
import { io } from 'socket.io-client';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import { call, type Answered, type Call } from './call.ts';

interface App {
  readonly url: string;
  readonly server: Server;
  /** `null`: the application as it was before. */
  readonly presence: Pick<Presence, 'get'> | null;
  close(): Promise<void>;
}

interface User {
  readonly id: string;
}

/** The application's login: a cookie. */
const userOf = ({ headers: { cookie } }: IncomingMessage): User | null => {
  const id = /(?:^|; )login=(\w+)/.exec(cookie ?? '')?.[1];
  return id === undefined ? null : { id };
};

const principalOf = ({ user }: { readonly user?: User | null }) =>
  user ? { userId: user.id } : null;

const BIG = 'presence '.repeat(2000);

const withSocketIo = (server: Server): SocketIoServer => {
  const sockets = new SocketIoServer(server);
  sockets.on('connection', (socket) => socket.on('echo', (text: string, ack) => ack(`${text}!`)));
  return sockets;
};

type ExpressRequest = IncomingMessage & { user?: User | null };

const startExpress = async (express: typeof express5, withPresence: boolean): Promise<App> => {
  const app = express();
  app.use(compression());
  app.use(express.json({ limit: '1kb' }));
  app.use((request, _response, next) => {
    (request as unknown as ExpressRequest).user = userOf(request);
    next();
  });
  const presence = withPresence
    ? createPresence<ExpressRequest>({ authenticate: principalOf })
    : null;
  if (presence) {
    app.use('/presence', expressPresence(presence));
    app.use(touchExpress(presence));
  }
  app.get('/hello', (request, response) => {
    response.send(`Hello ${(request as unknown as ExpressRequest).user?.id ?? 'you'}`);
  });
  app.get('/big', (_request, response) => void response.type('text').send(BIG));
  app.post('/echo', (request, response) => void response.json({ echo: request.body as unknown }));
  app.get('/boom', () => {
    throw new Error('boom');
  });
  const onError: express5.ErrorRequestHandler = (error, _request, response, _next) => {
    response
      .status((error as { status?: number }).status ?? 500)
      .json({ sorry: error.type ?? 'x' });
  };
  app.use(onError);
  const server = createServer(app);
  const sockets = withSocketIo(server);
  presence?.attach(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const close = async (): Promise<void> => {
    await presence?.close();
    await sockets.close();
    server.closeAllConnections();
  };
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, server, presence, close };
};

type LoggedIn = FastifyRequest & { user?: User | null };

const startFastify = async (withPresence: boolean): Promise<App> => {
  const app = fastify({ forceCloseConnections: true, bodyLimit: 1024 });
  await app.register(compress);
  app.decorateRequest('user', null);
  app.addHook('onRequest', async (request: LoggedIn) => {
    request.user = userOf(request.raw);
  });
  app.removeContentTypeParser('application/json');
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (_request, text, done) => {
    try {
      done(null, { own: JSON.parse(String(text)) as unknown });
    } catch {
      done(Object.assign(new Error('own parser'), { statusCode: 400 }), undefined);
    }
  });
  app.setErrorHandler(async (error, _request, reply) => {
    const { statusCode = 500, message } = error as { statusCode?: number; message: string };
    return reply.code(statusCode).send({ sorry: message });
  });
  const presence = withPresence ? createPresence<LoggedIn>({ authenticate: principalOf }) : null;
  if (presence) {
    const given = presence as unknown as Presence<FastifyRequest>;
    app.addHook('preHandler', touchFastify(given));
    await app.register(fastifyPresence, { presence: given, prefix: '/presence' });
  }
  app.get('/hello', (request: LoggedIn, reply) => {
    void reply.send(`Hello ${request.user?.id ?? 'you'}`);
  });
  app.get('/big', async () => BIG);
  app.post('/echo', (request, reply) => reply.send({ echo: request.body }));
  app.get('/boom', async () => {
    throw new Error('boom');
  });
  const sockets = withSocketIo(app.server);
  const url = await app.listen({ port: 0, host: '127.0.0.1' });
  const close = async (): Promise<void> => {
    sockets.disconnectSockets(true);
    await app.close();
  };
  return { url, server: app.server, presence, close };
};

const COOKIE = { cookie: 'login=ada' };
const JSON_TYPE = { 'content-type': 'application/json' };

/** What the application was used for before. */
const BEFORE: readonly Call[] = [
  { method: 'GET', path: '/hello' },
  { method: 'GET', path: '/hello', headers: COOKIE },
  { method: 'GET', path: '/big', headers: { 'accept-encoding': 'gzip' } },
  { method: 'POST', path: '/echo', headers: JSON_TYPE, body: '{"a":1}' },
  { method: 'POST', path: '/echo', headers: JSON_TYPE, body: '{"a":' },
  { method: 'POST', path: '/echo', headers: JSON_TYPE, body: `"${'x'.repeat(2000)}"` },
  { method: 'GET', path: '/boom' },
  { method: 'GET', path: '/nowhere' },
  { method: 'GET', path: '/presences' },
];

const told = ({ status, headers, text }: Answered) => {
  const { date: _date, ...kept } = headers;
  return { status, headers: kept, text };
};

const beatOf = (url: string, body: unknown, headers: Record<string, string> = {}) =>
  call(url, {
    method: 'POST',
    path: '/presence/heartbeat',
    headers: { ...COOKIE, ...JSON_TYPE, 'sec-fetch-site': 'same-origin', ...headers },
    body: JSON.stringify(body),
  });

const echoOver = (url: string, transport: 'polling' | 'websocket'): Promise<string> =>
  new Promise((resolve, reject) => {
    const socket = io(url, { transports: [transport], reconnection: false });
    socket.on('connect_error', reject);
    socket.emit('echo', 'hi', (text: string) => {
      socket.close();
      resolve(text);
    });
  });

/** What comes back for an upgrade that nobody of this application serves: nothing, and the end. */
const upgraded = (url: string, path: string): Promise<string> =>
  new Promise((resolve) => {
    const { hostname, port } = new URL(url);
    let seen = '';
    const socket = connect(Number(port), hostname, () => {
      socket.write(
        `GET ${path} HTTP/1.1\r\nhost: ${hostname}\r\nconnection: Upgrade\r\nupgrade: websocket\r\n` +
          'sec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n',
      );
    });
    socket.on('data', (chunk) => (seen += chunk.toString('latin1')));
    socket.on('error', () => undefined);
    socket.on('close', () => resolve(seen));
  });

const welcomed = async (url: string): Promise<Record<string, unknown>> => {
  const headers = { ...COOKIE, 'sec-fetch-site': 'same-origin' };
  const answered = await call(url, { method: 'POST', path: '/presence/ticket', headers });
  const { ticket } = JSON.parse(answered.text) as { ticket: string };
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(`${url.replace('http', 'ws')}/presence/socket`);
    socket.on('error', reject);
    socket.on('close', (code, reason) => reject(new Error(`closed: ${code} ${String(reason)}`)));
    socket.on('open', () => socket.send(JSON.stringify({ type: 'hello', protocol: 1, ticket })));
    socket.on('message', (text) => {
      socket.terminate();
      resolve(JSON.parse((text as Buffer).toString()) as Record<string, unknown>);
    });
  });
};

const FRAMEWORKS: readonly (readonly [string, (withPresence: boolean) => Promise<App>])[] = [
  ['Express 5', (withPresence) => startExpress(express5, withPresence)],
  [
    'Express 4',
    (withPresence) => startExpress(express4 as unknown as typeof express5, withPresence),
  ],
  ['Fastify', startFastify],
];

describe.each(FRAMEWORKS)('an existing application on %s', (name, start) => {
  let before: App;
  let app: App;

  beforeAll(async () => {
    [before, app] = await Promise.all([start(false), start(true)]);
  });
  afterAll(async () => {
    await Promise.all([before.close(), app.close()]);
  });

  it.each(BEFORE)('$method $path answers as before', async (asked) => {
    const [expected, seen] = [await call(before.url, asked), await call(app.url, asked)];
    expect(told(seen)).toEqual(told(expected));
  });

  it('its own login is presence’s', async () => {
    const answered = await beatOf(app.url, {});
    expect([answered.status, JSON.parse(answered.text)]).toMatchObject([200, { userId: 'ada' }]);
    expect((await beatOf(app.url, {}, { cookie: '' })).status).toBe(401);
    expect((await beatOf(app.url, {}, { 'sec-fetch-site': 'cross-site' })).status).toBe(403);
  });

  it('errors below the mount are presence’s, also where the application has a handler', async () => {
    const answered = await beatOf(app.url, { unknown: 1 });
    expect([answered.status, JSON.parse(answered.text)]).toMatchObject([
      400,
      { error: { code: 'invalid_request' } },
    ]);
  });

  it('any other request keeps its user online', async () => {
    expect((await app.presence?.get('bob'))?.status).toBe('offline');
    await call(app.url, { method: 'GET', path: '/hello', headers: { cookie: 'login=bob' } });
    await vi.waitFor(async () => expect((await app.presence?.get('bob'))?.status).toBe('online'));
  });

  it('asking presence is not presence', async () => {
    const headers = { cookie: 'login=dee' };
    expect((await call(app.url, { method: 'GET', path: '/presence/me', headers })).status).toBe(
      200,
    );
    await call(app.url, { method: 'GET', path: '/hello', headers: { cookie: 'login=eli' } });
    // Whatever the first request set in motion came before the second's.
    await vi.waitFor(async () => expect((await app.presence?.get('eli'))?.status).toBe('online'));
    expect((await app.presence?.get('dee'))?.status).toBe('offline');
  });

  it('S12: leaving is not touching', async () => {
    const { sessionId } = JSON.parse((await beatOf(app.url, {}, { cookie: 'login=cy' })).text) as {
      sessionId: string;
    };
    const answered = await call(app.url, {
      method: 'POST',
      path: '/presence/leave',
      headers: { cookie: 'login=cy', 'sec-fetch-site': 'same-origin', ...JSON_TYPE },
      body: JSON.stringify({ sessionId, reason: 'signed-out' }),
    });
    expect(answered.status).toBe(204);
    expect((await app.presence?.get('cy'))?.status).toBe('offline');
  });

  it('Socket.IO goes on, beside presence’s own sockets', async () => {
    expect(await echoOver(app.url, 'polling')).toBe('hi!');
    expect(await echoOver(app.url, 'websocket')).toBe('hi!');
    expect(await welcomed(app.url)).toMatchObject({ type: 'welcome', userId: 'ada' });
    expect(await echoOver(app.url, 'websocket')).toBe('hi!');
  });

  it(`an upgrade that nobody serves ends as before on ${name}`, async () => {
    expect(await upgraded(app.url, '/nobody')).toBe(await upgraded(before.url, '/nobody'));
  });
});

describe('upgrades of other paths', () => {
  it('are destroyed where nobody else listens, and left alone where somebody does', async () => {
    const server = createServer();
    const presence = createPresence({ authenticate: () => null });
    presence.attach(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    try {
      expect(await upgraded(url, '/other')).not.toContain('101');
      server.on('upgrade', (request, socket) => {
        if (request.url === '/other') socket.end('HTTP/1.1 101 Mine\r\n\r\n');
      });
      expect(await upgraded(url, '/other')).toContain('101 Mine');
    } finally {
      await presence.close();
      server.close();
      server.closeAllConnections();
    }
  });
});

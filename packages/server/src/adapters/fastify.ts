import type {
  FastifyInstance,
  FastifyPluginAsync,
  FastifyReply,
  FastifyRequest,
  onRequestHookHandler,
} from 'fastify';
import { readBody, serve, type HttpAnswer, type HttpRequest, type Presence } from '../index.ts';

export interface FastifyPresenceOptions {
  readonly presence: Presence<FastifyRequest>;
}

const hasBody = ({ headers }: FastifyRequest['raw']): boolean =>
  Number(headers['content-length'] ?? 0) > 0 || headers['transfer-encoding'] !== undefined;

const bodyOf = ({ raw }: FastifyRequest): HttpRequest['body'] =>
  hasBody(raw) ? { kind: 'stream', read: (maxBytes) => readBody(raw, maxBytes) } : null;

/** Cuts the mount off a path, still percent-encoded; a mount with parameters has segments of any length. */
const belowMount = (mount: string): ((path: string) => string) => {
  const segments = mount.split('/').length;
  return mount.includes(':')
    ? (path) => `/${path.split('/').slice(segments).join('/')}`
    : (path) => path.slice(mount.length);
};

const translated = (
  request: FastifyRequest,
  pathOf: (path: string) => string,
): HttpRequest<FastifyRequest> => {
  const { raw } = request;
  const url = raw.url ?? '/';
  const mark = url.indexOf('?');
  return {
    method: request.method,
    path: pathOf(mark < 0 ? url : url.slice(0, mark)),
    query: mark < 0 ? '' : url.slice(mark + 1),
    header: (name) => raw.headers[name]?.toString(),
    body: bodyOf(request),
    address: raw.socket.remoteAddress ?? '',
    raw: request,
  };
};

/** The JSON is written already, and Fastify need not find out what it is. */
const asIs = (text: string): string => text;

const send = (reply: FastifyReply, { status, headers, body, stream }: HttpAnswer): void => {
  reply.serializer(asIs);
  if (status !== 200) reply.code(status);
  for (const name in headers) reply.header(name, headers[name]);
  void reply.send(stream ?? body ?? undefined);
};

const answer = (presence: Presence<FastifyRequest>, mount: string) => {
  const pathOf = belowMount(mount);
  return (request: FastifyRequest, reply: FastifyReply): void => {
    serve(
      () => presence.handle(translated(request, pathOf)),
      (answer) => send(reply, answer),
      (error) => void reply.send(error),
    );
  };
};

/** Fastify judges content types before any handler runs; here the routes do. */
const isFastifysOwn = (error: unknown): boolean =>
  String((error as { readonly code?: unknown }).code).startsWith('FST_ERR_CTP');

const addRoutes = (instance: FastifyInstance, presence: Presence<FastifyRequest>): void => {
  const handler = answer(presence, instance.prefix);
  const config = { presence: true };
  instance.removeAllContentTypeParsers();
  // By name as well: Fastify finds a named parser faster than the one for everything.
  instance.addContentTypeParser(['application/json', '*'], (_request, _payload, done) =>
    done(null),
  );
  instance.setErrorHandler((error, request, reply) => {
    if (!isFastifysOwn(error)) throw error;
    return handler(request, reply);
  });
  const method = ['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS'];
  for (const url of ['/', '/*']) instance.route({ method, url, config, handler });
};

/**
 * The routes and sockets of presence as an encapsulated plugin, registered after the application's
 * login hooks: `fastify.register(fastifyPresence, { presence, prefix: '/presence' })`. Parsers,
 * error handler and hooks of the application stay as they are. Closing Fastify drains and closes
 * `presence`.
 */
export const fastifyPresence: FastifyPluginAsync<FastifyPresenceOptions> = async (
  instance,
  { presence },
) => {
  addRoutes(instance, presence);
  const detach = presence.attach(instance.server, { path: `${instance.prefix}/socket` });
  instance.addHook('preClose', () => presence.drain());
  instance.addHook('onClose', async () => {
    detach();
    await presence.close();
  });
};

/**
 * Keeps users online by any other authenticated request; never delays one and never makes one fail:
 * `fastify.addHook('preHandler', touchPresence(presence))`.
 */
export const touchPresence =
  (presence: Presence<FastifyRequest>): onRequestHookHandler =>
  (request, _reply, done) => {
    const { config } = request.routeOptions;
    if (!(config as { readonly presence?: boolean }).presence) {
      presence
        .identify(request)
        .then((principal) => principal && presence.touch(principal))
        .catch((err: unknown) =>
          presence.logger.warn({ err }, '[presence/fastify] A request did not count as presence.'),
        );
    }
    done();
  };

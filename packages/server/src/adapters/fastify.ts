import type {
  FastifyInstance,
  FastifyPluginAsync,
  FastifyReply,
  FastifyRequest,
  onRequestHookHandler,
} from 'fastify';
import { readBody, type HttpRequest, type Presence } from '../index.ts';

export interface FastifyPresenceOptions {
  readonly presence: Presence<FastifyRequest>;
}

const bodyOf = ({ raw }: FastifyRequest): HttpRequest['body'] =>
  raw.headers['transfer-encoding'] === undefined && Number(raw.headers['content-length'] ?? 0) === 0
    ? null
    : { kind: 'stream', read: (maxBytes) => readBody(raw, maxBytes) };

/** Below the mount and still percent-encoded, whatever parameters the prefix has. */
const pathOf = (url: string, route: string): string => {
  const mounted = route.replace(/\/?\*?$/, '').split('/').length;
  return `/${url.split('/').slice(mounted).join('/')}`;
};

const translated = (request: FastifyRequest): HttpRequest<FastifyRequest> => {
  const url = request.raw.url ?? '/';
  const mark = url.indexOf('?');
  return {
    method: request.method,
    path: pathOf(mark < 0 ? url : url.slice(0, mark), request.routeOptions.url ?? ''),
    query: mark < 0 ? '' : url.slice(mark + 1),
    header: (name) => request.headers[name]?.toString(),
    body: bodyOf(request),
    address: request.socket.remoteAddress ?? '',
    raw: request,
  };
};

const answer =
  (presence: Presence<FastifyRequest>) =>
  async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    const { status, headers, body } = await presence.handle(translated(request));
    return reply
      .code(status)
      .headers(headers)
      .send(body ?? undefined);
  };

/** Fastify judges content types before any handler runs; here the routes do. */
const isFastifysOwn = (error: unknown): boolean =>
  String((error as { readonly code?: unknown }).code).startsWith('FST_ERR_CTP');

const addRoutes = (instance: FastifyInstance, presence: Presence<FastifyRequest>): void => {
  const handler = answer(presence);
  const config = { presence: true };
  instance.removeAllContentTypeParsers();
  instance.addContentTypeParser('*', (_request, _payload, done) => done(null));
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

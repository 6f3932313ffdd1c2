import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Readable } from 'node:stream';
import { readBody, serve, type HttpAnswer, type HttpRequest, type Presence } from '../index.ts';

/** What Express 4 and 5 add to Node's request, as far as it matters here. */
type ExpressRequest = IncomingMessage & { readonly body?: unknown; readonly _body?: boolean };

type Handler<Request> = (
  request: Request,
  response: ServerResponse,
  next: (error?: unknown) => void,
) => void;

/** Express 4's parsers leave `{}` behind for bodies that they did not read. */
const isParsed = (request: ExpressRequest): boolean =>
  request.body !== undefined &&
  (request._body === true || request.readableDidRead || request.readableEnded);

const bodyOf = (request: ExpressRequest): HttpRequest['body'] => {
  const { headers } = request;
  if (headers['transfer-encoding'] === undefined && Number(headers['content-length'] ?? 0) === 0) {
    return null;
  }
  return isParsed(request)
    ? { kind: 'parsed', value: request.body }
    : { kind: 'stream', read: (maxBytes) => readBody(request, maxBytes) };
};

const translated = <Request extends ExpressRequest>(request: Request): HttpRequest<Request> => {
  const url = request.url ?? '/';
  const mark = url.indexOf('?');
  return {
    method: request.method ?? 'GET',
    path: mark < 0 ? url : url.slice(0, mark),
    query: mark < 0 ? '' : url.slice(mark + 1),
    header: (name) => request.headers[name]?.toString(),
    body: bodyOf(request),
    address: request.socket.remoteAddress ?? '',
    raw: request,
  };
};

/** Ends with whichever of the two ends first. */
const goOn = (response: ServerResponse, stream: Readable): void => {
  response.on('close', () => stream.destroy());
  stream.pipe(response);
};

const send = (response: ServerResponse, { status, headers, body, stream }: HttpAnswer): void => {
  if (response.headersSent || response.destroyed) return void stream?.destroy();
  response.statusCode = status;
  for (const name in headers) response.setHeader(name, headers[name] as string);
  if (stream) goOn(response, stream);
  else if (body === null) response.end();
  else response.end(body);
};

/**
 * The routes of presence as a handler for Express 4 and 5, to be mounted after the application's
 * login: `app.use('/presence', expressPresence(presence))`.
 */
export const expressPresence =
  <Request extends IncomingMessage>(presence: Presence<Request>): Handler<Request> =>
  (request, response, next) => {
    serve(
      () => presence.handle(translated(request)),
      (answer) => send(response, answer),
      next,
    );
  };

/**
 * Keeps users online by any other authenticated request. Goes after the mount; it never delays a
 * request and never makes one fail.
 */
export const touchPresence =
  <Request extends IncomingMessage>(presence: Presence<Request>): Handler<Request> =>
  (request, _response, next) => {
    presence
      .identify(request)
      .then((principal) => principal && presence.touch(principal))
      .catch((err: unknown) =>
        presence.logger.warn({ err }, '[presence/express] A request did not count as presence.'),
      );
    next();
  };

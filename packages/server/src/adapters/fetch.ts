import { Readable } from 'node:stream';
import { PresenceError, type HttpAnswer, type HttpRequest, type Presence } from '../index.ts';

/** What {@link createFetchHandler} may be told. */
export interface FetchHandlerOptions {
  /** Where it is mounted. Default `/presence`. */
  readonly basePath?: string;
  /**
   * The client's address, for the limits that hold an address: a `Request` does not carry it. Default:
   * none, so that all clients together are held to one address's limit; raise
   * `security.limits.perAddressPerMinute`, or name the address as your platform tells it.
   */
  readonly addressOf?: (request: Request) => string;
}

const tooLarge = (maxBytes: number): PresenceError =>
  new PresenceError('payload_too_large', `The body may have at most ${maxBytes} bytes.`);

const joined = (chunks: readonly Uint8Array[], size: number): Uint8Array => {
  const bytes = new Uint8Array(size);
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return bytes;
};

type Reader = ReadableStreamDefaultReader<Uint8Array>;

const next = async (reader: Reader): Promise<Uint8Array | null> => {
  const { done, value } = await reader.read().catch(() => {
    throw new PresenceError('invalid_request', 'The body could not be read: it ended early.');
  });
  return done ? null : value;
};

/** Bounded while it arrives: what is too much is not kept. */
const readUpTo = async (
  reader: Reader,
  first: Uint8Array,
  maxBytes: number,
): Promise<Uint8Array> => {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for (let chunk: Uint8Array | null = first; chunk !== null; chunk = await next(reader)) {
    size += chunk.length;
    if (size > maxBytes) {
      reader.cancel().catch(() => undefined);
      throw tooLarge(maxBytes);
    }
    chunks.push(chunk);
  }
  return joined(chunks, size);
};

const consumed = (): PresenceError =>
  new PresenceError(
    'invalid_request',
    'The body could not be read: something consumed it before. Hand a clone of the request over.',
  );

const unreadable = (error: unknown): HttpRequest['body'] => ({
  kind: 'stream',
  read: () => {
    throw error;
  },
});

/** Some servers give every `POST` a body, which may turn out to be none: its first piece says. */
const bodyOf = async ({ body, bodyUsed }: Request): Promise<HttpRequest['body']> => {
  if (body === null) return null;
  if (bodyUsed || body.locked) return unreadable(consumed());
  const reader = (body as ReadableStream<Uint8Array>).getReader();
  try {
    const first = await next(reader);
    return first && { kind: 'stream', read: (maxBytes) => readUpTo(reader, first, maxBytes) };
  } catch (error) {
    return unreadable(error);
  }
};

/** Without `URL`, which would only repeat what made the `Request`: its address is tidied up already. */
const pathOf = (url: string): string => {
  const from = url.indexOf('/', url.indexOf('//') + 2);
  if (from < 0) return '/';
  const end = url.slice(from).search(/[?#]/);
  return end < 0 ? url.slice(from) : url.slice(from, from + end);
};

const queryOf = (url: string): string => {
  const mark = url.indexOf('?');
  return mark < 0 ? '' : (url.slice(mark + 1).split('#')[0] ?? '');
};

const responseOf = ({ status, headers, body, stream }: HttpAnswer): Response =>
  new Response(stream ? (Readable.toWeb(stream) as ReadableStream) : body, { status, headers });

/**
 * The routes of presence for servers that speak `Request` and `Response`: Hono, Next.js, Bun, Deno.
 * They carry no sockets: clients take the stream of events, and heartbeats where it does not get through.
 *
 * @example
 * app.all('/presence/*', (context) => handler(context.req.raw))
 */
export const createFetchHandler = (
  presence: Presence<Request>,
  { basePath = '/presence', addressOf = () => '' }: FetchHandlerOptions = {},
): ((request: Request) => Promise<Response>) => {
  const mount = basePath.replace(/\/+$/, '');
  return async (request) => {
    const { method, url, headers } = request;
    const path = pathOf(url);
    const isBelow = path.startsWith(`${mount}/`);
    const body = await bodyOf(request);
    const answer = await presence.handle({
      method,
      // What is not below the mount is no route of presence.
      path: isBelow ? path.slice(mount.length) : '',
      query: queryOf(url),
      header: (name) => headers.get(name) ?? undefined,
      body,
      address: addressOf(request),
      raw: request,
    });
    return responseOf(method === 'HEAD' ? { ...answer, body: null } : answer);
  };
};

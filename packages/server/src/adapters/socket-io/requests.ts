import type { Socket } from 'socket.io';
import type { HttpRequest, Presence } from '../../index.ts';
import { refusal, type Answer } from './event-voice.ts';

type Fields = Readonly<Record<string, unknown>>;

/** A question as the route that answers it. */
interface Question {
  readonly method: string;
  readonly path: string;
  /** Where the fields of the question go. */
  readonly takes: 'body' | 'query';
  /** The field that stands for `*` in the path, if one does. */
  readonly names?: string;
}

/** Events that are answered once, as by HTTP. */
export const QUESTIONS: Readonly<Record<string, Question>> = Object.freeze({
  get: { method: 'POST', path: '/users/query', takes: 'body' },
  online: { method: 'GET', path: '/online', takes: 'query' },
  count: { method: 'GET', path: '/online/count', takes: 'query' },
  room: { method: 'GET', path: '/rooms/*', takes: 'query', names: 'room' },
});

/** What a route answers that could not do it. */
interface Refused {
  readonly error?: { readonly code?: string; readonly message?: string };
}

/** Describe a body, which the handshake has none of. */
const OF_THE_BODY = /^(content-|transfer-encoding$)/;

/** The handshake's headers stand for each request: whose cookies they carry, and from which page. */
const headerOf = (socket: Socket, name: string): string | undefined => {
  if (name === 'content-type') return 'application/json';
  return OF_THE_BODY.test(name) ? undefined : socket.handshake.headers[name]?.toString();
};

const textOf = (value: unknown): string =>
  typeof value === 'string' ? value : (JSON.stringify(value) ?? '');

const queryOf = (fields: Fields): string =>
  new URLSearchParams(
    Object.entries(fields)
      .filter(([, value]) => value !== undefined && value !== null)
      .map(([name, value]): [string, string] => [name, textOf(value)]),
  ).toString();

const answerOf = (status: number, body: string | null): Answer => {
  const content = JSON.parse(body ?? '{}') as Refused;
  if (status < 300) return { ...content, ok: true };
  const { code = 'internal', message = 'Presence did not answer.' } = content.error ?? {};
  return refusal(code, message);
};

/** Asks the routes of presence in the name of whoever holds a socket. */
export interface Requests {
  ask(question: Question, fields: Fields): Promise<Answer>;
  /** Logs in; the answer carries `ticket`. */
  ticket(): Promise<Answer>;
}

/**
 * @param requestOf what `authenticate` gets
 */
export const createRequests = <Request>(
  presence: Presence<Request>,
  socket: Socket,
  requestOf: () => Request,
): Requests => {
  const send = async (
    question: Pick<Question, 'method' | 'path'>,
    sent: Pick<HttpRequest, 'body' | 'query'>,
  ): Promise<Answer> => {
    const { status, body } = await presence.handle({
      ...question,
      ...sent,
      header: (name) => headerOf(socket, name),
      address: socket.handshake.address,
      raw: requestOf(),
    });
    return answerOf(status, body);
  };
  return {
    ask: ({ method, path, takes, names = '' }, { [names]: named, ...fields }) =>
      send(
        { method, path: path.replace('*', () => encodeURIComponent(textOf(named))) },
        takes === 'body'
          ? { query: '', body: { kind: 'parsed', value: fields } }
          : { query: queryOf(fields), body: null },
      ),
    ticket: () => send({ method: 'POST', path: '/ticket' }, { query: '', body: null }),
  };
};

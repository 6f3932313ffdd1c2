import { Readable } from 'node:stream';
import { createSeededRandom, createVirtualClock, type VirtualClock } from '@presence/core/testing';
import type { HeartbeatResponse } from '@presence/core/protocol';
import { readBody } from '../http/read-body.ts';
import type { HttpAnswer, HttpRequest } from '../http/types.ts';
import { createPresence } from '../presence.ts';
import { memoryStore } from '../stores/memory/memory-store.ts';
import type { PresenceStore } from '../stores/store.ts';
import type { Presence, PresenceOptions, Principal } from '../types.ts';

type Raw = Principal | null;

/** What a request differs in from one of "ada" without a body. */
interface Asked {
  readonly as?: Raw;
  /** A text is sent as it is, anything else as JSON. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly address?: string;
}

type Answered<Content> = HttpAnswer & { readonly json: Content };

/** A node on a virtual clock, asked without a network. */
export interface AskedNode {
  readonly clock: VirtualClock;
  readonly presence: Presence<Raw>;
  /** What its logger was given as errors. */
  readonly errors: object[];
  ask(line: string, asked?: Asked): Promise<Answered<unknown>>;
  beat(body?: unknown, asked?: Asked): Promise<Answered<HeartbeatResponse>>;
}

const requestOf = (line: string, asked: Asked): HttpRequest<Raw> => {
  const [method = '', target = ''] = line.split(' ');
  const [path = '', query = ''] = target.split('?');
  const text = typeof asked.body === 'string' ? asked.body : JSON.stringify(asked.body);
  const headers: Record<string, string> = {
    host: 'app.example',
    ...(asked.body !== undefined && { 'content-type': 'application/json' }),
    ...asked.headers,
  };
  return {
    method,
    path,
    query,
    header: (name) => headers[name],
    body:
      asked.body === undefined
        ? null
        : { kind: 'stream', read: (most) => readBody(Readable.from([Buffer.from(text)]), most) },
    address: asked.address ?? '192.0.2.1',
    raw: asked.as === undefined ? { userId: 'ada' } : asked.as,
  };
};

const contentOf = ({ body, headers }: HttpAnswer): unknown =>
  body !== null && headers['content-type']?.startsWith('application/json')
    ? (JSON.parse(body) as unknown)
    : null;

/**
 * The request itself is the principal.
 *
 * @param adapt puts another store in the place of the one in memory
 */
export const createAskedNode = (
  options: Partial<PresenceOptions<Raw>> = {},
  adapt: (store: PresenceStore) => PresenceStore = (store) => store,
): AskedNode => {
  const clock = createVirtualClock();
  const errors: object[] = [];
  const silent = (): void => undefined;
  const error = (seen: object): void => void errors.push(seen);
  const presence = createPresence<Raw>({
    authenticate: (raw) => raw,
    store: adapt(memoryStore({ clock })),
    logger: { debug: silent, info: silent, warn: silent, error },
    ...options,
    testing: { clock, random: createSeededRandom(1) },
  });
  const ask: AskedNode['ask'] = async (line, asked = {}) => {
    const answer = await presence.handle(requestOf(line, asked));
    return { ...answer, json: contentOf(answer) };
  };
  return {
    clock,
    presence,
    errors,
    ask,
    beat: async (body = {}, asked = {}) => {
      const answer = await ask('POST /heartbeat', { body, ...asked });
      return { ...answer, json: answer.json as HeartbeatResponse };
    },
  };
};

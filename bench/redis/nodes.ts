// Nodes over one Redis, with clients that have no network: what they ask of Redis is what is measured.
import { createPresence, type Connection, type Presence } from '@presence/server';
import { redisStore } from '@presence/server/redis';
import type { Redis } from 'ioredis';
import type { PresenceStore } from '@presence/server';

interface Raw {
  readonly userId: string;
}

type Answer = Awaited<ReturnType<Presence<Raw>['handle']>>;

export interface BenchNode {
  readonly presence: Presence<Raw>;
  /** Calls a route as its user, whatever comes of it. */
  call(userId: string, line: string, body: object): Promise<Answer>;
  /** Calls a route as its user; the answer's body. */
  ask(userId: string, line: string, body: object): Promise<Record<string, unknown>>;
  /** A user on a socket; resolves when welcomed. */
  join(userId: string): Promise<void>;
  stop(): Promise<void>;
}

/** A deadline with which a busy machine fails nothing. */
const PATIENT = Object.freeze({ deadlineMs: 20_000 });

/** @param options of its store; `{}` for those that applications have */
export const startNode = (
  redis: Redis,
  options: { readonly deadlineMs?: number } = PATIENT,
): BenchNode => {
  const store: PresenceStore = redisStore({ redis, prefix: 'bench', ...options });
  const plenty = 1e9;
  const presence = createPresence<Raw>({
    authenticate: (raw) => raw,
    store,
    security: {
      secret: 'a secret for the benchmark, long enough',
      limits: { perAddressPerMinute: plenty, beatsPerMinute: plenty, ticketsPerMinute: plenty },
    },
  });

  const call: BenchNode['call'] = async (userId, line, body) => {
    const [method = '', path = ''] = line.split(' ');
    const headers: Record<string, string> = { host: 'x', 'content-type': 'application/json' };
    return presence.handle({
      method,
      path,
      query: '',
      header: (name) => headers[name],
      body: { kind: 'parsed', value: body },
      address: '192.0.2.1',
      raw: { userId },
    });
  };

  const ask: BenchNode['ask'] = async (userId, line, body) => {
    const answer = await call(userId, line, body);
    if (answer.status >= 300) throw new Error(`${line}: ${answer.status} ${answer.body}`);
    return JSON.parse(answer.body ?? '{}') as Record<string, unknown>;
  };

  const join: BenchNode['join'] = async (userId) => {
    const { ticket } = await ask(userId, 'POST /ticket', {});
    await new Promise<void>((resolve, reject) => {
      const connection: Connection = {
        isWritable: true,
        write: ({ text }) => {
          if (text.startsWith('{"type":"welcome"')) resolve();
        },
        ping: (marker) => queueMicrotask(() => events.pong(marker)),
        pong: () => undefined,
        close: (_code, reason) => reject(new Error(reason)),
        terminate: () => reject(new Error('cut')),
      };
      const events = presence.accept(connection);
      events.message(JSON.stringify({ type: 'hello', protocol: 1, ticket }));
    });
  };

  return {
    presence,
    call,
    ask,
    join,
    stop: async () => {
      await presence.close();
      await store.close();
    },
  };
};

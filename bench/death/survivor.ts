// A node that lives on: what it answers around the end of the dead one's lease, and what its reaper commits.
import type { PresenceStore } from '@presence/server';
import { redisStore } from '@presence/server/redis';
import type { Redis } from 'ioredis';
import { servePresence } from '../joining.ts';

export interface Held {
  /** When the lease ends, of the store's clock. */
  readonly endsAt: number;
  readonly users: number;
  /** Users who stay. */
  readonly others: number;
}

export interface Answered {
  readonly before: number;
  readonly after: number;
  /** Answers that were not what is true at their instant. */
  readonly wrong: readonly string[];
}

export interface Reaped {
  readonly commits: number;
  /** Refused since somebody else had committed first. */
  readonly lost: number;
  readonly wentOffline: number;
  readonly lastAt: number;
  /** How often this node told of each user's going, a digit for each. */
  readonly told: string;
}

/** How long answers are looked at on each side of the end. */
const AROUND_MS = 400;

const counting = (store: PresenceStore, counts: { commits: number; lost: number }): PresenceStore =>
  new Proxy(store, {
    get: (target, name) => {
      if (name !== 'commit') return Reflect.get(target, name) as unknown;
      return async (writes: Parameters<PresenceStore['commit']>[0]) => {
        const answer = await target.commit(writes);
        counts.commits += answer.results.length;
        counts.lost += answer.results.filter(({ ok }) => !ok).length;
        return answer;
      };
    },
  });

export const survive = (redis: Redis, users: number) => {
  const counts = { commits: 0, lost: 0 };
  const store = counting(redisStore({ redis, prefix: 'bench', deadlineMs: 20_000 }), counts);
  const { presence, port } = servePresence({
    authenticate: (request) => ({ userId: String(request.headers['x-token']) }),
    store,
  });
  const told = new Uint8Array(users);
  let lastAt = 0;
  presence.on('change', ({ presence: { userId, status } }) => {
    if (status !== 'offline' || !userId.startsWith('socket-')) return;
    const user = Number(userId.slice('socket-'.length));
    told[user] = (told[user] ?? 0) + 1;
    lastAt = Date.now();
  });

  /** Asks without a pause until the end is long over: counts, lists and users at their own instants. */
  const around = async ({ endsAt, users: held, others }: Held): Promise<Answered> => {
    const wrong: string[] = [];
    const seen = { before: 0, after: 0 };
    const check = (what: string, asOf: number, is: number, alive: number, gone: number): void => {
      const isOver = asOf >= endsAt;
      seen[isOver ? 'after' : 'before'] += 1;
      const expected = isOver ? gone : alive;
      if (is !== expected) wrong.push(`${what} ${asOf - endsAt} ms after: ${is}, not ${expected}`);
    };
    for (let asOf = 0; asOf < endsAt + AROUND_MS;) {
      const counted = await presence.count();
      asOf = counted.asOf;
      check('count', asOf, counted.count, held + others, others);
      const listed = await presence.list({ limit: 100 });
      const dead = listed.presences.filter(({ userId }) => userId.startsWith('socket-')).length;
      check('list', listed.asOf, dead, 100, 0);
    }
    return { ...seen, wrong };
  };

  return {
    port,
    around,
    reaped: (): Reaped => ({
      ...counts,
      wentOffline: told.reduce((sum, count) => sum + count, 0),
      lastAt,
      told: told.join(''),
    }),
  };
};

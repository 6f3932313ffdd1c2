// What heartbeats get while Redis stands still, and whether any of them counts when it goes on.
import { figure, wait } from '../sides.ts';
import { startNode } from './nodes.ts';
import { atOnce, numbered } from './records.ts';
import type { BenchRedis } from './server.ts';

const USERS = 200;
/** Two heartbeats each: as the first of a session, and as one of many that only renew. */
const BEATS = 2;
/** Longer than any of them may be written. */
const LATE_MS = 3000;

interface Refused {
  readonly ms: number;
  readonly status: number;
  readonly isToRetry: boolean;
}

export const stopped = async ({ redis, pause, resume }: BenchRedis): Promise<void> => {
  const node = startNode(redis, {});
  const users = numbered(USERS, (user) => `stopped-${user}`);
  const sessions = new Map<string, unknown>();
  for (let seq = 0; seq < BEATS; seq += 1) {
    await atOnce(users, 50, async (userId) => {
      const sessionId = sessions.get(userId);
      const body = sessionId === undefined ? {} : { sessionId, seq };
      sessions.set(userId, (await node.ask(userId, 'POST /heartbeat', body)).sessionId);
    });
  }
  const leases = (): Promise<string[]> => redis.zrange('{bench:0}:own', '0', '-1', 'WITHSCORES');
  const before = await leases();

  const beat = async (userId: string): Promise<Refused> => {
    const from = performance.now();
    const body = { sessionId: sessions.get(userId), seq: BEATS };
    const { status, headers } = await node.call(userId, 'POST /heartbeat', body);
    return { ms: performance.now() - from, status, isToRetry: 'retry-after' in headers };
  };

  pause();
  const refused = await Promise.all(users.map(beat));
  await wait(LATE_MS);
  resume();
  // One connection answers in order, another could before it: everything that was sent has been read.
  await redis.ping();
  await wait(1000);
  const after = await leases();
  const extended = before.filter((text, place) => place % 2 === 1 && after[place] !== text);

  const name = `heartbeats while Redis stands still, ${USERS} at once`;
  figure(
    `${name}: the slowest answer`,
    Math.max(...refused.map(({ ms }) => ms)),
    'ms',
    'at most 1000',
  );
  const good = refused.filter(({ status, isToRetry }) => status === 503 && isToRetry);
  figure('  of them 503 with Retry-After', good.length, 'answers', `of ${USERS}`);
  figure('  leases that were extended when it went on', extended.length, 'leases', '0');
  await node.stop();
};

// How long Redis is kept by one command, with 200,000 users in one tenant: everything that nodes do, at once.
import { redisStore } from '@presence/server/redis';
import { figure } from '../sides.ts';
import { startNode } from './nodes.ts';
import { atOnce, firstBeat, inBatches, numbered } from './records.ts';
import type { BenchRedis } from './server.ts';

const USERS = 200_000;
const SLOW_MS = 5;
/** Of some users the leases end while the others are at work: they are reaped meanwhile. */
const SHORT = 2000;
const SHORT_MS = 3000;
const LONG_MS = 600_000;

export const slowLog = async ({ redis, sent }: BenchRedis): Promise<void> => {
  const store = redisStore({ redis, prefix: 'bench', deadlineMs: 20_000 });
  const writes = numbered(USERS, (user) => firstBeat(user, user < SHORT ? SHORT_MS : LONG_MS));
  const nodes = numbered(3, () => startNode(redis));
  const acme = nodes.map(({ presence }) => presence.tenant('acme'));
  const nodeOf = (index: number) => acme[index % acme.length] as (typeof acme)[number];
  await redis.config('SET', 'slowlog-log-slower-than', String(SLOW_MS * 1000));
  await redis.config('SET', 'slowlog-max-len', '100000');
  await redis.slowlog('RESET');
  const before = await sent();
  await atOnce(inBatches(writes.toReversed(), 100), 4, (batch) => store.commit(batch));
  const leases = writes
    .slice(SHORT)
    .map(({ grant }) => ({ id: grant[0]?.id ?? '', forMs: LONG_MS }));
  await Promise.all([
    atOnce(inBatches(leases, 500), 4, async (batch) => store.renew(batch, null)),
    atOnce(
      numbered(20_000, (user) => SHORT + user),
      500,
      (user) => nodeOf(user).claim(`user-${user}`, 'busy', { message: 'at work' }),
    ),
    atOnce(
      numbered(100, (page) => page),
      4,
      (page) => nodeOf(page).list({ limit: 500 }),
    ),
    atOnce(
      numbered(100, (page) => page),
      4,
      (page) => nodeOf(page).count(),
    ),
    atOnce(
      numbered(100, (part) => part),
      4,
      (part) => nodeOf(part).getMany(numbered(500, (user) => `user-${part * 500 + user}`)),
    ),
  ]);
  const commands = (await sent()) - before;
  const log = (await redis.slowlog('GET', '100000')) as [number, number, number, string[]][];
  // What a script does inside stands there beside the script itself.
  const slow = log.filter(([, , , [name = '']]) => /^eval/i.test(name));
  const name = `commands under ${SLOW_MS} ms, ${USERS.toLocaleString('en')} users in one tenant`;
  figure(name, 100 * (1 - slow.length / commands), '%', 'at least 99.9');
  const slowest = Math.max(0, ...slow.map(([, , micros]) => micros)) / 1000;
  figure(`the slowest of ${commands.toLocaleString('en')}`, slowest, 'ms');
  await Promise.all(nodes.map((node) => node.stop()));
  await store.close();
};

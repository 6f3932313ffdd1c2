// How long Redis is kept by one command, with 200,000 users in one tenant: everything that nodes do, at once.
import { redisStore } from '@presence/server/redis';
import { createHash } from 'node:crypto';
import { SCRIPTS, SERVER_CLOCK } from '../../packages/server/src/stores/redis/scripts.generated.ts';
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

/** Of a length like the store's batches: how much of it is slow is the machine's, where others want its cores too. */
const BARE = 'local s = 0 for i = 1, 60000 do s = s + i % 7 end return s';
const BARE_CALLS = 1000;

/** Which script the log names by its digest. */
const names = new Map(
  Object.entries(SCRIPTS).map(([name, text]) => [
    createHash('sha1').update(`${SERVER_CLOCK}${text}`).digest('hex'),
    name,
  ]),
);

type Entry = [id: number, at: number, micros: number, args: string[]];

/** How many commands of each script stand in the log, and the slowest of each. */
const tellScripts = (slow: readonly Entry[]): void => {
  const nameOf = ([, , , [, sha = '']]: Entry): string => names.get(sha) ?? 'sent as text';
  for (const name of new Set(slow.map(nameOf))) {
    const entries = slow.filter((entry) => nameOf(entry) === name);
    figure(`  of them ${name}`, entries.length, 'commands', `slowest ${slowestOf(entries)} ms`);
  }
};

const slowestOf = (entries: readonly Entry[]): string =>
  (Math.max(0, ...entries.map(([, , micros]) => micros)) / 1000).toFixed(1);

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
    atOnce(numbered(BARE_CALLS, String), 1, () => redis.eval(BARE, 0)),
  ]);
  const commands = (await sent()) - before - BARE_CALLS;
  // What a script does inside stands there beside the script itself.
  const log = ((await redis.slowlog('GET', '100000')) as Entry[]).filter(([, , , [name = '']]) =>
    /^eval/i.test(name),
  );
  const [bare, slow] = [true, false].map((isBare) =>
    log.filter(([, , , [, text]]) => (text === BARE) === isBare),
  ) as [Entry[], Entry[]];
  const name = `commands under ${SLOW_MS} ms, ${USERS.toLocaleString('en')} users in one tenant`;
  figure(name, 100 * (1 - slow.length / commands), '%', 'at least 99.9');
  figure(`of ${commands.toLocaleString('en')}, over it`, slow.length, 'commands');
  tellScripts(slow);
  figure(
    'bare scripts of a millisecond under it, beside',
    100 * (1 - bare.length / BARE_CALLS),
    '%',
    `slowest ${slowestOf(bare)} ms`,
  );
  await Promise.all(nodes.map((node) => node.stop()));
  await store.close();
};

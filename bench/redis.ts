// What the Redis store asks of one Redis: renewals beside one script per heartbeat with auto-pipelining, commits, the
// commands of 100,000 users at rest on four nodes, and those of HTTP heartbeats. Redis runs beside, on the same cores.
import type { Lease } from '@presence/core';
import { redisStore } from '@presence/server/redis';
import { Redis } from 'ioredis';
import { startRedis } from '../tests/services/redis-server.ts';
import { atOnce, firstBeat, inBatches, numbered } from './redis/records.ts';
import { startNode } from './redis/nodes.ts';
import { figure, machine, median, wait } from './sides.ts';

const LEASES = 100_000;
const LEASE_MS = 120_000;
const ROUNDS = 5;
const USERS = 100_000;
const NODES = 4;
const REST_MS = 20_000;

const server = await startRedis();
const url = `redis://127.0.0.1:${server.port}`;
const redis = new Redis(url);

const secondsOf = async (work: () => Promise<unknown>): Promise<number> => {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1000;
};

/** As most would write it: find the user's lease, extend it, one script for each heartbeat. */
const ONE_BEAT = `
local score = redis.call('ZSCORE', KEYS[1], ARGV[1])
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
if not score or tonumber(score) <= now then return 0 end
redis.call('ZADD', KEYS[1], now + tonumber(ARGV[2]), ARGV[1])
return 1`;

const renewals = async (): Promise<void> => {
  const store = redisStore({ redis, prefix: 'bench', deadlineMs: 20_000 });
  // As every node's reaper does: the store is not to look as if it had been stopped.
  const pulse = setInterval(() => void store.due(0, 0), 1000);
  const piped = new Redis(url, { enableAutoPipelining: true });
  const sha = (await piped.script('LOAD', ONE_BEAT)) as string;
  const writes = numbered(LEASES, (user) => firstBeat(user, LEASE_MS));
  const committed = await secondsOf(() =>
    atOnce(inBatches(writes, 100), 4, (batch) => store.commit(batch)),
  );
  figure('commits of new users, in batches of 100', LEASES / committed, '1/s', 'at least 20,000');
  const leases = writes.map(({ grant }) => grant[0] as Lease);
  await atOnce(inBatches(leases, 500), 4, (batch) =>
    piped.zadd('plain', ...batch.flatMap(({ id }) => [Date.now() + LEASE_MS, id])),
  );
  const rates: { store: number[]; plain: number[] } = { store: [], plain: [] };
  for (let round = 0; round < ROUNDS; round += 1) {
    const plain = await secondsOf(() =>
      atOnce(leases, 2000, ({ id }) => piped.evalsha(sha, 1, 'plain', id, LEASE_MS)),
    );
    const batched = await secondsOf(() =>
      atOnce(inBatches(leases, 500), 4, async (batch) => {
        const { lost } = await store.renew(batch, null);
        if (lost.length > 0) throw new Error('A lease was lost.');
      }),
    );
    rates.plain.push(LEASES / plain);
    rates.store.push(LEASES / batched);
  }
  figure('one script for each heartbeat, auto-pipelining', median(rates.plain), '1/s');
  figure('renewals in batches of 500', median(rates.store), '1/s', 'at least 200,000');
  const ratio = median(rates.store.map((rate, round) => rate / (rates.plain[round] as number)));
  figure('beside one script for each', ratio, '×', 'at least 3.5');
  clearInterval(pulse);
  piped.disconnect();
  await store.close();
};

/** Load, apply, commit: one at a time, and many at once. */
const commands = async (): Promise<void> => {
  const node = startNode(redis);
  const claim = (user: number, message: string) =>
    node.presence.tenant('acme').claim(`user-${user}`, 'busy', { message });
  const alone: number[] = [];
  for (let user = 0; user < 500; user += 1) {
    alone.push(1000 * (await secondsOf(() => claim(user, 'one'))));
  }
  figure('a change alone: load, apply, commit', median(alone), 'ms', 'at most 1.5');
  const users = numbered(20_000, (user) => user);
  const many = await secondsOf(() => atOnce(users, 1000, (user) => claim(user, 'many')));
  figure('changes, a thousand at once: load, apply, commit', users.length / many, '1/s');
  await node.stop();
};

/** Commands that clients sent; what scripts do inside is not among them. */
const sent = async (): Promise<number> => {
  const stats = await redis.info('commandstats');
  const calls = [...stats.matchAll(/cmdstat_(\w+(?:\|\w+)?):calls=(\d+)/g)];
  return calls
    .filter(([, name = '']) => /^(evalsha|eval|publish|subscribe|ping)$/.test(name))
    .reduce((sum, [, , count]) => sum + Number(count), 0);
};

const atRest = async (): Promise<void> => {
  const nodes = numbered(NODES, () => startNode(redis));
  await atOnce(
    numbered(USERS, (user) => user),
    400,
    (user) => (nodes[user % NODES] as (typeof nodes)[number]).join(`socket-${user}`),
  );
  await wait(2000);
  const before = await sent();
  const seconds = await secondsOf(() => wait(REST_MS));
  figure(
    `${USERS.toLocaleString('en')} users at rest on ${NODES} nodes`,
    ((await sent()) - before) / seconds,
    'commands/s',
    'under 10',
  );
  await Promise.all(nodes.map((node) => node.stop()));
};

const heartbeats = async (): Promise<void> => {
  const node = startNode(redis);
  const users = numbered(5000, (user) => `http-${user}`);
  const sessions = new Map<string, unknown>();
  await atOnce(users, 500, async (userId) => {
    sessions.set(userId, (await node.ask(userId, 'POST /heartbeat', {})).sessionId);
  });
  const before = await sent();
  let beats = 0;
  const seconds = await secondsOf(async () => {
    for (let round = 1; round <= 6; round += 1) {
      await atOnce(users, 2000, async (userId) => {
        await node.ask(userId, 'POST /heartbeat', { sessionId: sessions.get(userId), seq: round });
        beats += 1;
      });
    }
  });
  figure('HTTP heartbeats through one node', beats / seconds, '1/s');
  figure('commands for each', ((await sent()) - before) / beats, 'commands', 'at most 0.02');
  await node.stop();
};

console.log(
  `One Redis ${(await redis.info('server')).match(/redis_version:(\S+)/)?.[1]} beside. ${machine()}`,
);
try {
  await renewals();
  await commands();
  await heartbeats();
  await redis.flushall();
  await atRest();
} finally {
  redis.disconnect();
  await server.stop();
}
process.exit();

// Commits of new users, and renewals of their leases beside one script for each heartbeat.
import type { Lease } from '@presence/core';
import { redisStore } from '@presence/server/redis';
import { Redis } from 'ioredis';
import { figure, median } from '../sides.ts';
import { atOnce, firstBeat, inBatches, numbered } from './records.ts';
import { secondsOf, type BenchRedis } from './server.ts';

const LEASES = 100_000;
const LEASE_MS = 120_000;
const ROUNDS = 5;

/** As most would write it: find the user's lease, extend it, one script for each heartbeat. */
const ONE_BEAT = `
local score = redis.call('ZSCORE', KEYS[1], ARGV[1])
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
if not score or tonumber(score) <= now then return 0 end
redis.call('ZADD', KEYS[1], now + tonumber(ARGV[2]), ARGV[1])
return 1`;

export const renewals = async ({ url, redis, held }: BenchRedis): Promise<void> => {
  const store = redisStore({ redis, prefix: 'bench', deadlineMs: 20_000 });
  // As every node's reaper does: the store is not to look as if it had been stopped.
  const pulse = setInterval(() => void store.due(0, 0), 1000);
  const piped = new Redis(url, { enableAutoPipelining: true });
  const sha = (await piped.script('LOAD', ONE_BEAT)) as string;
  const writes = numbered(LEASES, (user) => firstBeat(user, LEASE_MS));
  const before = await held();
  const committed = await secondsOf(() =>
    atOnce(inBatches(writes, 100), 4, (batch) => store.commit(batch)),
  );
  figure('commits of new users, in batches of 100', LEASES / committed, '1/s', 'at least 20,000');
  figure('a user on heartbeats, in Redis', ((await held()) - before) / LEASES, 'bytes');
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

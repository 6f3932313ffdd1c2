// Load, apply, commit: one at a time, many at once beside bare reads and writes of as many bytes, and many for one user.
import { Redis } from 'ioredis';
import { figure, median } from '../sides.ts';
import { startNode } from './nodes.ts';
import { atOnce, inBatches, numbered } from './records.ts';
import { secondsOf, type BenchRedis } from './server.ts';

const USERS = 20_000;
const ROUNDS = 5;
const NODES = 10;
const COMMANDS = 3000;

/** Reads a value and writes another, both in pipelines of a hundred: as little as a change can be. */
const bare = async (url: string, value: string): Promise<number> => {
  const client = new Redis(url);
  const keys = numbered(USERS, (user) => `bare-${user}`);
  const seconds = await secondsOf(() =>
    atOnce(inBatches(keys, 100), 10, async (batch) => {
      const reads = client.pipeline();
      for (const key of batch) reads.get(key);
      await reads.exec();
      const writes = client.pipeline();
      for (const key of batch) writes.set(key, value);
      await writes.exec();
    }),
  );
  client.disconnect();
  return USERS / seconds;
};

/** Users of the benchmark with a session, by renewals before; what each round changes is told in words of its own. */
export const changes = async ({ url, redis }: BenchRedis): Promise<void> => {
  const node = startNode(redis);
  const claim = (user: number, message: string) =>
    node.presence.tenant('acme').claim(`user-${user}`, 'busy', { message });
  const users = numbered(USERS, (user) => user);
  // A status is told and listed anew with the first one; from the second on, people change what they say.
  await atOnce(users, 1000, (user) => claim(user, 'first'));
  const alone: number[] = [];
  for (let user = 0; user < 500; user += 1) {
    alone.push(1000 * (await secondsOf(() => claim(user, 'one'))));
  }
  figure('a change alone: load, apply, commit', median(alone), 'ms', 'at most 1.5');
  const value = (await redis.hget('{bench:0}:rec', 'acme\u001fuser-1')) ?? '';
  const rates: { store: number[]; bare: number[] } = { store: [], bare: [] };
  for (let round = 0; round < ROUNDS; round += 1) {
    rates.bare.push(await bare(url, value));
    const many = await secondsOf(() => atOnce(users, 1000, (user) => claim(user, `many ${round}`)));
    rates.store.push(USERS / many);
  }
  figure('bare GET and SET of as many bytes, in pipelines of 100', median(rates.bare), '1/s');
  figure(
    'changes, a thousand at once: load, apply, commit',
    median(rates.store),
    '1/s',
    'at least 20,000',
  );
  const ratio = median(rates.store.map((rate, round) => rate / (rates.bare[round] as number)));
  figure('beside bare GET and SET', ratio, '×');
  await node.stop();
};

/** Many commands for one user at once, through many nodes: they share loads and commits. */
export const oneUser = async ({ redis }: BenchRedis): Promise<void> => {
  const nodes = numbered(NODES, () => startNode(redis));
  const commands = numbered(COMMANDS, (command) => command);
  const tenants = nodes.map(({ presence }) => presence.tenant('acme'));
  const round = (word: string): Promise<unknown> =>
    Promise.all(
      commands.map((command) =>
        (tenants[command % NODES] as (typeof tenants)[number]).claim('everybody', 'busy', {
          message: `${word} ${command}`,
        }),
      ),
    );
  await round('warm');
  const taken: number[] = [];
  for (let each = 0; each < ROUNDS; each += 1) {
    taken.push(1000 * (await secondsOf(() => round(`round ${each}`))));
  }
  figure(
    `${COMMANDS.toLocaleString('en')} commands at once for one user, ${NODES} nodes`,
    median(taken),
    'ms',
    'at most 150',
  );
  await Promise.all(nodes.map((node) => node.stop()));
};

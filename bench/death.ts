// A node that holds 100,000 users dies (SIGKILL). Three nodes live on: what they answer at the instant at which its
// lease ends, when watchers are told, and how long it takes until every user's going is committed, each once. The
// users have no network: 100,000 sockets would be the load of this machine, not that of the nodes that reap.
import { Redis } from 'ioredis';
import { startRedis } from '../tests/services/redis-server.ts';
import { survive, type Answered, type Held, type Reaped } from './death/survivor.ts';
import { watchThem } from './death/watchers.ts';
import { cpuMsOf } from './nodes/redis-meter.ts';
import { startNode } from './redis/nodes.ts';
import { atOnce, numbered } from './redis/records.ts';
import { answers, cpuMs, figure, given, machine, role, start, wait, type Side } from './sides.ts';

const FILE = import.meta.filename;
const USERS = Number(process.env['BENCH_USERS'] ?? 100_000);
const SURVIVORS = 3;
const WATCHERS = 30;
const WATCHED = 1000;
const PATIENCE_MS = 60_000;
const JOINING_AT_ONCE = 400;
/** The keys of the bench's one partition. */
const NODE_LEASES = '{bench:0}:node';

/** The one lease of the node that will die; nobody else has one yet. */
const onlyLease = async (redis: Redis): Promise<string> =>
  (await redis.zrange(NODE_LEASES, '0', '-1'))[0] as string;

const until = async (isSo: () => Promise<boolean>): Promise<void> => {
  const end = Date.now() + PATIENCE_MS;
  while (!(await isSo()) && Date.now() < end) await wait(50);
};

/** Everybody is committed, or nothing more happens. */
const allReaped = async (nodes: readonly Side[]): Promise<readonly Reaped[]> => {
  const ask = (): Promise<readonly Reaped[]> =>
    Promise.all(nodes.map((node) => node.ask<Reaped>('reaped')));
  await until(async () => {
    await wait(500);
    return (await ask()).reduce((sum, { wentOffline }) => sum + wentOffline, 0) >= USERS;
  });
  await wait(1000);
  return ask();
};

const show = (
  endsAt: number,
  around: readonly Answered[],
  told: { readonly firstAt: number; readonly lastAt: number },
  reaped: readonly Reaped[],
): void => {
  const sum = <Item>(items: readonly Item[], of: (item: Item) => number): number =>
    items.reduce((total, item) => total + of(item), 0);
  figure(
    'counts and lists read in the 0.4 s before and after the end',
    sum(around, ({ before, after }) => before + after),
    '',
  );
  figure(
    'of them not exact at their instant',
    sum(around, ({ wrong }) => wrong.length),
    '',
    'promised: 0',
  );
  for (const { wrong } of around) for (const text of wrong.slice(0, 3)) console.log(`  ${text}`);
  figure(
    `${WATCHERS} watchers of ${WATCHED}: first told after the end`,
    told.firstAt - endsAt,
    'ms',
  );
  figure(
    `${WATCHERS} watchers of ${WATCHED}: last told after the end`,
    told.lastAt - endsAt,
    'ms',
    'promised: at most 1000',
  );
  const lastAt = Math.max(...reaped.map((each) => each.lastAt));
  figure('everybody committed after the end', (lastAt - endsAt) / 1000, 's', 'promised: at most 6');
  const times = numbered(USERS, (user) => sum(reaped, ({ told: digits }) => Number(digits[user])));
  figure(
    'users whose going was committed once',
    times.filter((count) => count === 1).length,
    '',
    `promised: ${USERS}`,
  );
  const commits = sum(reaped, (each) => each.commits);
  const lost = sum(reaped, (each) => each.lost);
  figure('compare-and-sets lost', (100 * lost) / commits, '%', 'promised: at most 2');
};

/** Kills it just after a renewal: that is the longest that one has to wait. When its lease ends. */
const kill = async (doomed: Side, lease: string, redis: Redis): Promise<number> => {
  const ends = async (): Promise<number> => Number(await redis.zscore(NODE_LEASES, lease));
  const before = await ends();
  await until(async () => (await ends()) > before);
  await doomed.stop();
  return ends();
};

const compare = async (): Promise<void> => {
  console.log(`death: a node with ${USERS} users dies, ${SURVIVORS} live on. ${machine()}`);
  const server = await startRedis();
  const redis = new Redis(server.port, '127.0.0.1');
  const given = { redis: server.port };
  const nodes = numbered(SURVIVORS, () => start(FILE, 'survivor', given));
  const ports = await Promise.all(nodes.map((node) => node.ask<number>('port')));
  const doomed = start(FILE, 'doomed', given);
  figure('users joined through one node', USERS / (await doomed.ask<number>('join')), '1/s');
  const lease = await onlyLease(redis);
  const watchers = start(FILE, 'watchers');
  await watchers.ask('watch', { ports, watchers: WATCHERS, watched: WATCHED });
  await wait(2000);
  const endsAt = await kill(doomed, lease, redis);
  await wait(endsAt - Date.now() - 1000);
  const cpu = await cpuOf(nodes, redis);
  const held: Held = { endsAt, users: USERS, others: WATCHERS };
  const around = Promise.all(nodes.map((node) => node.ask<Answered>('around', held)));
  const told = watchers.ask<{ firstAt: number; lastAt: number }>('told');
  const reaped = await allReaped(nodes);
  const used = await cpuOf(nodes, redis);
  show(endsAt, await around, await told, reaped);
  figure('CPU of the three nodes for each user', (1000 * (used.nodes - cpu.nodes)) / USERS, 'µs');
  figure('CPU of Redis for each user', (1000 * (used.redis - cpu.redis)) / USERS, 'µs');
  for (const each of [watchers, ...nodes]) await each.stop();
  redis.disconnect();
  await server.stop();
  process.exit(0);
};

const cpuOf = async (nodes: readonly Side[], redis: Redis) => {
  const each = await Promise.all(nodes.map((node) => node.ask<number>('cpu')));
  return { nodes: each.reduce((sum, one) => sum + one, 0), redis: await cpuMsOf(redis) };
};

const connected = (): Redis => new Redis(Number(given['redis']), '127.0.0.1');

const roles: Record<string, () => void> = {
  survivor: () => {
    const { port, around, reaped } = survive(connected(), USERS);
    answers({ port: () => port, around, reaped, cpu: cpuMs });
  },
  doomed: () => {
    const node = startNode(connected());
    const users = numbered(USERS, (user) => user);
    answers({
      join: async () => {
        const startedAt = performance.now();
        await atOnce(users, JOINING_AT_ONCE, (user) => node.join(`socket-${user}`));
        return (performance.now() - startedAt) / 1000;
      },
    });
  },
  watchers: () => {
    let told: Awaited<ReturnType<typeof watchThem>>;
    answers({
      watch: async (watching: Parameters<typeof watchThem>[0]) => {
        told = await watchThem(watching);
      },
      told: () => told(),
    });
  },
};

const play = roles[role];
if (play) play();
else await compare();

// What one connected user, one change and one watcher cost a node and its Redis: the numbers of docs/capacity.md. One
// node with real sockets, another one that only hears of the changes, and one Redis.
import { Redis } from 'ioredis';
import { startRedis } from '../tests/services/redis-server.ts';
import { play, type Crowd, type Players } from './nodes/changes.ts';
import { changeAtRate } from './nodes/paces.ts';
import { readUse, type RedisUse } from './nodes/redis-meter.ts';
import { servers } from './nodes/servers.ts';
import {
  answers,
  cpuMs,
  figure,
  given,
  machine,
  memory,
  role,
  start,
  wait,
  type Memory,
  type Side,
} from './sides.ts';

const FILE = import.meta.filename;
const USERS = 3000;
/** The first ones are watched, each by `WATCHERS * WATCHED_BY_EACH / WATCHED`. */
const WATCHED = 100;
const WATCHERS = 1000;
/** No divisor of the watched: hardly two watch the same. */
const WATCHED_BY_EACH = 19;
const REST_MS = 50_000;
/** Connections have forgotten their opening by then. */
const SETTLED_MS = 15_000;
/** Few come one by one; many share loads, commits and messages. */
const FEW = { perSecond: 200, seconds: 8 };
const MANY = { perSecond: 2000, seconds: 6 };
const WATCHED_CHANGES = { perSecond: 40, seconds: 10 };

interface Used extends RedisUse {
  readonly node: number;
  readonly other: number;
  readonly seconds: number;
}

interface Setting {
  readonly redis: Redis;
  readonly node: Side;
  readonly other: Side;
  readonly port: number;
}

const usage = async ({ redis, node, other }: Setting): Promise<Used> => ({
  ...(await readUse(redis)),
  node: await node.ask<number>('cpu'),
  other: await other.ask<number>('cpu'),
  seconds: performance.now() / 1000,
});

/** What was used while `work` ran. */
const during = async (setting: Setting, work: () => Promise<unknown>): Promise<Used> => {
  const before = await usage(setting);
  await work();
  const after = await usage(setting);
  const names = Object.keys(before) as (keyof Used)[];
  return Object.fromEntries(names.map((name) => [name, after[name] - before[name]])) as never;
};

/** What a node uses at rest whoever is there, in milliseconds of CPU a second. */
const idleNode = async (setting: Setting): Promise<number> => {
  const used = await during(setting, () => wait(10_000));
  figure('a node with nobody: CPU', used.node / used.seconds / 10, '% of a core');
  figure('two nodes with nobody: Redis commands', used.commands / used.seconds, '1/s');
  figure('two nodes with nobody: CPU of Redis', used.cpu / used.seconds / 10, '% of a core');
  return used.node / used.seconds;
};

const joined = async (setting: Setting): Promise<Side> => {
  const { node, port } = setting;
  const players = start(FILE, 'players');
  const before = await node.ask<Memory>('memory');
  const rssBefore = await node.ask<number>('resident');
  const crowd: Crowd = {
    side: 'presence',
    ports: [port],
    users: USERS,
    watchers: 0,
    watchedByEach: 0,
  };
  const used = await during(setting, () => players.ask('join', crowd));
  figure('a user joins: CPU of the node', (1000 * used.node) / USERS, 'µs');
  figure('a user joins: CPU of Redis', (1000 * used.cpu) / USERS, 'µs');
  figure('a user joins: Redis commands', used.commands / USERS, '');
  figure('a user joins: bytes to and from Redis', used.traffic / USERS, 'B');
  figure('a user: memory of Redis', used.memory / USERS, 'B');
  await wait(SETTLED_MS);
  const after = await node.ask<Memory>('memory');
  figure('a user: heap and buffers of the node', (after.heap - before.heap) / USERS / 1024, 'KiB');
  const rss = (await node.ask<number>('resident')) - rssBefore;
  figure('a user: resident memory of the node', rss / USERS / 1024, 'KiB');
  return players;
};

const atRest = async (setting: Setting, idle: number): Promise<void> => {
  const used = await during(setting, () => wait(REST_MS));
  const perUser = (used.node / used.seconds - idle) / USERS;
  figure('a user at rest: CPU of the node a second', 1000 * perUser, 'µs');
  figure(`${USERS} users at rest: Redis commands`, used.commands / used.seconds, '1/s');
};

type Pace = typeof FEW;

/** Returns the milliseconds of CPU that one costs its node. */
const changes = async (
  setting: Setting,
  players: Side,
  { perSecond, seconds }: Pace,
): Promise<number> => {
  const among = { perSecond, seconds, first: WATCHED, count: USERS - WATCHED };
  await players.ask('change', among);
  const before = await setting.node.ask<number>('committed');
  const used = await during(setting, () => players.ask('change', among));
  const all = (await setting.node.ask<number>('committed')) - before;
  const name = (what: string): string => `a change of ${perSecond} a second: ${what}`;
  // Changes of one user that wait together become one.
  figure(name('committed, of those asked for'), (100 * all) / (perSecond * seconds), '%');
  figure(name('CPU of its node'), (1000 * used.node) / all, 'µs');
  figure(name('CPU of each other node'), (1000 * used.other) / all, 'µs');
  figure(name('CPU of Redis'), (1000 * used.cpu) / all, 'µs');
  figure(name('Redis commands'), used.commands / all, '');
  figure(name('bytes to and from Redis, two nodes'), used.traffic / all, 'B');
  return used.node / all;
};

const watchersJoin = async ({ node, port }: Setting): Promise<Side> => {
  const watchers = start(FILE, 'players');
  const before = await node.ask<Memory>('memory');
  await watchers.ask('join', {
    side: 'presence',
    ports: [port],
    users: WATCHED,
    watchers: WATCHERS,
    watchedByEach: WATCHED_BY_EACH,
  } satisfies Crowd);
  await wait(SETTLED_MS);
  const after = await node.ask<Memory>('memory');
  const each = (after.heap - before.heap) / (WATCHERS + WATCHED) / 1024;
  figure(`a user who watches ${WATCHED_BY_EACH}: memory of the node`, each, 'KiB');
  return watchers;
};

/** The rows of a change, beyond the change itself. */
const rows = async (setting: Setting, watchers: Side, one: number): Promise<void> => {
  const { perSecond, seconds } = WATCHED_CHANGES;
  const among = { perSecond, seconds, first: 0, count: WATCHED };
  await watchers.ask('change', among);
  let told = { rows: 0, frames: 0, bytes: 0 };
  const used = await during(setting, async () => {
    told = await watchers.ask<typeof told>('change', among);
  });
  const cpu = used.node - one * perSecond * seconds;
  figure('watched changes: watchers of each', told.rows / perSecond / seconds, '');
  figure('a watcher told: CPU of the node', (1000 * cpu) / told.rows, 'µs');
  figure('a watcher told: bytes of frames', told.bytes / told.rows, 'B');
  figure('a watcher told: rows in each frame', told.rows / told.frames, '');
};

/** What each node that listens gets of a change. */
const messages = async ({ redis }: Setting, players: Side): Promise<void> => {
  const ears = redis.duplicate();
  let bytes = 0;
  ears.on('pmessage', (_pattern, _channel, text: string) => (bytes += text.length));
  await ears.psubscribe('{bench:0}:c:*');
  await players.ask('change', { ...FEW, first: WATCHED, count: USERS - WATCHED });
  figure('a change: bytes of its message to each node', bytes / FEW.perSecond / FEW.seconds, 'B');
  ears.disconnect();
};

const measure = async (): Promise<void> => {
  console.log(`capacity: what a user, a change and a watcher cost. ${machine()}`);
  const server = await startRedis();
  const redis = new Redis(server.port, '127.0.0.1');
  const values = { redis: server.port };
  const [node, other] = [start(FILE, 'node', values), start(FILE, 'node', values)];
  const [port, otherPort] = await Promise.all(
    [node, other].map((each) => each.ask<number>('port')),
  );
  const setting: Setting = { redis, node, other, port: port! };
  const listener = start(FILE, 'players');
  // Somebody there watches, so that the other node hears of every change; nobody whom they watch changes.
  const single = { side: 'presence', users: 1, watchers: 1, watchedByEach: 1 } as const;
  await listener.ask('join', { ...single, ports: [otherPort!] } satisfies Crowd);
  await listener.ask('join', { ...single, ports: [port!] } satisfies Crowd);
  await wait(2000);
  const idle = await idleNode(setting);
  const players = await joined(setting);
  await atRest(setting, idle);
  const watchers = await watchersJoin(setting);
  const one = await changes(setting, players, FEW);
  await changes(setting, players, MANY);
  await rows(setting, watchers, one);
  await messages(setting, players);
  for (const each of [listener, players, watchers, node, other]) await each.stop();
  redis.disconnect();
  await server.stop();
  process.exit(0);
};

const playing = (): void => {
  let players: Players;
  interface Asked {
    readonly perSecond: number;
    readonly seconds: number;
    readonly first: number;
    readonly count: number;
  }
  answers({
    join: async (crowd: Crowd) => {
      players = await play(crowd);
      await wait(500);
    },
    change: async ({ perSecond, seconds, ...among }: Asked) => {
      const { many, frames, bytes } = await changeAtRate(players, perSecond, seconds, among);
      return { rows: many.length, frames, bytes };
    },
  });
};

if (role === '') await measure();
else if (role === 'players') playing();
else {
  let committed = 0;
  const redis = new Redis(Number(given['redis']), '127.0.0.1');
  const port = servers.presence(redis, () => (committed += 1));
  answers({
    port: () => port,
    cpu: cpuMs,
    memory,
    resident: () => process.memoryUsage.rss(),
    committed: () => committed,
  });
}

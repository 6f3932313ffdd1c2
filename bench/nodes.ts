// A change on one node until a watcher on another node has it: three node processes over one Redis, real sockets; one
// process plays users and watchers. Beside it a publish and a send by hand, and Socket.IO with its Redis adapter.
import { Redis } from 'ioredis';
import { startRedis } from '../tests/services/redis-server.ts';
import { play, type Crowd, type Players, type Side } from './nodes/changes.ts';
import { changeAtRate, changeAlone } from './nodes/paces.ts';
import { cpuMsOf } from './nodes/redis-meter.ts';
import { servers } from './nodes/servers.ts';
import { answers, cpuMs, figure, given, machine, percentile, role, start, wait } from './sides.ts';

const FILE = import.meta.filename;
const NODES = 3;
const USERS = 1200;
const WATCHERS = 240;
const WATCHED = 25;
const ALONE = 100;
const PER_SECOND = Number(process.env['BENCH_CHANGES_PER_SECOND'] ?? 2000);
const SECONDS = 10;
/** Everybody has joined, and code that runs often is compiled. */
const WARM_SECONDS = 4;
/** The fan-out window of the default policy. */
const WINDOW_MS = 100;

interface Outcome {
  readonly alone: number[];
  readonly many: number[];
  readonly perSecond: number;
  readonly frames: number;
  readonly bytes: number;
  readonly cpu: number;
  readonly redisCpu: number;
}

const run = async (side: Side): Promise<Outcome> => {
  const server = await startRedis();
  const redis = new Redis(`redis://127.0.0.1:${server.port}`);
  const nodes = Array.from({ length: NODES }, () => start(FILE, side, { redis: server.port }));
  const ports = await Promise.all(nodes.map((node) => node.ask<number>('port')));
  const players = start(FILE, 'players');
  const crowd: Crowd = { side, ports, users: USERS, watchers: WATCHERS, watchedByEach: WATCHED };
  await players.ask('join', crowd);
  await players.ask('many', WARM_SECONDS);
  await wait(500);
  const alone = await players.ask<number[]>('alone');
  const used = async (): Promise<number> => {
    const all = await Promise.all(nodes.map((node) => node.ask<number>('cpu')));
    return all.reduce((sum, each) => sum + each, 0);
  };
  const before = { cpu: await used(), redisCpu: await cpuMsOf(redis) };
  const many = await players.ask<Pick<Outcome, 'many' | 'perSecond' | 'frames' | 'bytes'>>(
    'many',
    SECONDS,
  );
  const cpu = (await used()) - before.cpu;
  const redisCpu = (await cpuMsOf(redis)) - before.redisCpu;
  for (const each of [players, ...nodes]) await each.stop();
  redis.disconnect();
  await server.stop();
  return { alone, ...many, cpu, redisCpu };
};

const show = (side: Side, outcome: Outcome): void => {
  const { alone, many, perSecond, cpu, redisCpu } = outcome;
  const window = side === 'presence' ? WINDOW_MS : 0;
  const [median, most] =
    side === 'presence' ? ['promised: at most 20', 'promised: at most 250'] : [];
  const changes = perSecond * SECONDS;
  const name = (text: string): string => `${side}: ${text}`;
  figure(
    name('one change, median above the window'),
    percentile(alone, 0.5) - window,
    'ms',
    median,
  );
  figure(name('changes under load'), perSecond, '1/s');
  figure(name('under load, median with the window'), percentile(many, 0.5), 'ms');
  figure(name('under load, 99th percentile with the window'), percentile(many, 0.99), 'ms', most);
  figure(name('rows told of each change'), many.length / changes, '');
  figure(name('bytes of each row'), outcome.bytes / many.length, 'B');
  figure(name('rows in each frame'), many.length / outcome.frames, '');
  figure(name('CPU of all nodes for each change'), (1000 * cpu) / changes, 'µs');
  figure(name('CPU of Redis for each change'), (1000 * redisCpu) / changes, 'µs');
};

const compare = async (): Promise<void> => {
  console.log(
    `nodes: ${NODES} nodes over one Redis, ${USERS} users, ${WATCHERS} watchers on other nodes of ${WATCHED} each. ${machine()}`,
  );
  const cpu: number[] = [];
  for (const side of ['presence', 'bare', 'socket.io'] as const) {
    const outcome = await run(side);
    show(side, outcome);
    cpu.push((outcome.cpu + outcome.redisCpu) / outcome.perSecond);
  }
  const [presence = 0, bare = 0, socketIO = 0] = cpu;
  figure('CPU of nodes and Redis for a change, presence : bare', presence / bare, '×');
  figure('CPU of nodes and Redis for a change, presence : Socket.IO', presence / socketIO, '×');
  process.exit(0);
};

const playing = (): void => {
  let players: Players;
  answers({
    join: async (crowd: Crowd) => {
      players = await play(crowd);
      await wait(1000);
    },
    alone: () => changeAlone(players, ALONE, USERS),
    many: (seconds: number) =>
      changeAtRate(players, PER_SECOND, seconds, { first: 0, count: USERS }),
  });
};

if (role === '') await compare();
else if (role === 'players') playing();
else {
  const redis = new Redis(Number(given['redis']), '127.0.0.1');
  const port = servers[role as Side](redis);
  answers({ port: () => port, cpu: cpuMs });
}

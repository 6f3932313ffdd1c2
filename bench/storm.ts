// Everybody connects at once, and each hears of each: how long until all agree, and what it costs the server. Real
// clients are played in full: a ticket by HTTP, the handshake, hello, one watch; every row that they get is read, and
// they agree when each was last told that everybody whom it watches is online. Beside presence stand the same by hand
// with Socket.IO, a map of sockets and an emit to each or one to all, and a floor: a server that answers, shakes hands and sends as many bytes, and does nothing else.
import { loadavg } from 'node:os';
import { answers, cpuMs, figure, given, machine, role, start, wait } from './sides.ts';
import { runStorm, type Side, type Storm, type Stormed } from './storm/clients.ts';
import { bare, presence, socketIO, socketIOAtOnce } from './storm/servers.ts';

const FILE = import.meta.filename;

const BY_HAND: readonly Side[] = ['socket.io', 'socket.io at once'];

const isByHand = (side: Side): boolean => BY_HAND.includes(side);

interface Promised extends Storm {
  readonly promisedMs: number;
}

const STORMS: readonly Promised[] = [
  { first: 0, users: 1000, watched: 0, leaves: false, promisedMs: 1500 },
  { first: 0, users: 5000, watched: 200, leaves: false, promisedMs: 3000 },
];

/**
 * Others who come and go before: what is measured is a server that runs, whose code is compiled and whose memory has
 * grown to what it needs. A server that has just started is measured too, apart.
 */
const CROWDS = 8;
const CROWD = 500;

/**
 * So many as large as the storm. What runs once for each who comes is compiled for good only after more than ten
 * thousand have come: behind one crowd of 5,000 the compilers still took 0.7 s of CPU during the storm, behind four 0.1.
 */
const LARGE_CROWDS = 4;

const crowd = (index: number, users: number, watched: number): Storm => ({
  first: (index + 1) * 1_000_000,
  users,
  watched,
  leaves: true,
});

/**
 * Small crowds on every side alike, and some as large as the storm where that takes seconds. By hand it takes minutes,
 * and is not needed: a small crowd is a quarter of a million emits there, and its code compiled after the first.
 */
const earlierThan = (side: Side, { users, watched }: Storm): readonly Storm[] => {
  const large = isByHand(side) ? 0 : LARGE_CROWDS;
  return Array.from({ length: CROWDS + large }, (_, index) =>
    crowd(index, index < CROWDS ? CROWD : users, watched),
  );
};

interface Outcome extends Stormed {
  readonly cpu: number;
  readonly clientCpu: number;
}

interface Circumstances {
  /** How many of them a bare server sends to each. */
  readonly bytes?: number;
  readonly before?: readonly Storm[];
}

/** A server that uses no more CPU than this in half a second has nothing to do. */
const IDLE_MS = 25;

/** Until it has nothing left to do, as with those who left. */
const idle = async (server: ReturnType<typeof start>): Promise<void> => {
  let used = Infinity;
  while (used > IDLE_MS) {
    const before = await server.ask<number>('cpu');
    await wait(500);
    used = (await server.ask<number>('cpu')) - before;
  }
};

const run = async (
  side: Side,
  storm: Storm,
  { bytes = 0, before = earlierThan(side, storm) }: Circumstances = {},
): Promise<Outcome> => {
  const server = start(FILE, side, { bytes });
  const port = await server.ask<number>('port');
  for (const earlier of before) {
    const others = start(FILE, 'client', { side, ...earlier });
    await others.ask<Stormed>('storm', port);
    await wait(500);
    await others.stop();
  }
  const client = start(FILE, 'client', { side, ...storm });
  await wait(500);
  await idle(server);
  const cpuBefore = await server.ask<number>('cpu');
  const clientBefore = await client.ask<number>('cpu');
  const stormed = await client.ask<Stormed>('storm', port);
  const cpu = (await server.ask<number>('cpu')) - cpuBefore;
  const clientCpu = (await client.ask<number>('cpu')) - clientBefore;
  await client.stop();
  await server.stop();
  return { ...stormed, cpu, clientCpu };
};

const load = (): string => loadavg()[0]?.toFixed(1) ?? '';

const show = (name: string, storm: Storm, outcome: Outcome, promised?: string): void => {
  figure(`${name}: all agree`, outcome.agreedMs, 'ms', promised);
  figure(`${name}: server CPU`, outcome.cpu, 'ms');
  figure(`${name}: server CPU of each user`, (outcome.cpu * 1000) / storm.users, 'µs');
  figure(`${name}: frames of each user`, outcome.frames / storm.users, '');
  figure(`${name}: bytes of each user`, outcome.bytes / storm.users, 'B');
  figure(`${name}: CPU of the process that plays the users`, outcome.clientCpu, 'ms');
};

/** Up to so many users the version by hand takes seconds; beyond, minutes. */
const BY_HAND_AT_MOST = 1000;

const isFull = process.env['BENCH_FULL'] === '1';

/**
 * The server CPU by hand for as many as `storm` has. Each who comes costs something, and is told to all who are
 * there: a·n + b·n², with a and b from runs of two sizes.
 */
const byHandFrom = async (side: Side, storm: Storm): Promise<number> => {
  const { users } = storm;
  const half = BY_HAND_AT_MOST / 2;
  const small = await run(side, { ...storm, users: half, watched: 0 });
  const large = await run(side, { ...storm, users: 2 * half, watched: 0 });
  figure(`${side}: server CPU, ${half} users, measured`, small.cpu, 'ms');
  figure(`${side}: frames of all ${half}, measured`, small.frames, '');
  figure(`${side}: server CPU, ${2 * half} users, measured`, large.cpu, 'ms');
  figure(`${side}: frames of all ${2 * half}, measured`, large.frames, '');
  const b = (large.cpu - 2 * small.cpu) / (2 * half ** 2);
  const a = small.cpu / half - b * half;
  const cpu = a * users + b * users ** 2;
  figure(`${side}: server CPU, EXTRAPOLATED to ${users} users`, cpu, 'ms', 'BENCH_FULL=1 runs it');
  return cpu;
};

const byHand = async (side: Side, storm: Storm): Promise<number> => {
  if (storm.users > BY_HAND_AT_MOST && !isFull) return byHandFrom(side, storm);
  const outcome = await run(side, storm);
  show(side, storm, outcome);
  return outcome.cpu;
};

const compare = async (): Promise<void> => {
  console.log(`storm: everybody connects at once, and each hears of each. ${machine()}`);
  for (const storm of STORMS.slice(0, Number(process.env['BENCH_STORMS'] ?? STORMS.length))) {
    console.log(`\n${storm.users} users, each watching ${storm.watched || 'all'} (load ${load()})`);
    const promised = `promised: at most ${storm.promisedMs}`;
    show('presence, just started', storm, await run('presence', storm, { before: [] }), promised);
    const ours = await run('presence', storm);
    show('presence', storm, ours, promised);
    const floor = await run('bare', storm, { bytes: Math.round(ours.bytes / storm.users) });
    show('bare', storm, floor);
    figure('server CPU, presence : bare', ours.cpu / floor.cpu, '×');
    for (const side of BY_HAND) {
      const theirs = await byHand(side, storm);
      figure(`server CPU, ${side} : bare`, theirs / floor.cpu, '×', 'no server can do better');
      figure(`server CPU, ${side} : presence`, theirs / ours.cpu, '×', 'promised: at least 100');
    }
  }
  process.exit(0);
};

const servers: Record<string, () => Promise<number>> = {
  presence,
  bare: () => bare(Number(given['bytes'])),
  'socket.io': socketIO,
  'socket.io at once': socketIOAtOnce,
};

const serve = servers[role];
if (serve) {
  const port = serve();
  answers({ port: () => port, cpu: cpuMs });
} else if (role === 'client') {
  const storm = {
    first: Number(given['first']),
    users: Number(given['users']),
    watched: Number(given['watched']),
    leaves: given['leaves'] === true,
  };
  answers({ storm: (port: number) => runStorm(given['side'] as Side, storm, port), cpu: cpuMs });
} else await compare();

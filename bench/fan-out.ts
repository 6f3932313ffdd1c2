// One change of one user to ten thousand watchers: presence beside a plain loop of `ws.send` with the same text, and
// beside a room of Socket.IO. The figure is the CPU that the server spends until every watcher has it.
import { fullRow } from '@presence/core';
import type { WebSocket } from 'ws';
import {
  each,
  joinPresence,
  joinSocketIO,
  openSocket,
  serveBare,
  servePresence,
  serveSocketIO,
} from './joining.ts';
import {
  answers,
  cpuMs,
  figure,
  given,
  machine,
  median,
  role,
  start,
  wait,
  type Side,
} from './sides.ts';

const FILE = import.meta.filename;
const WATCHERS = Number(process.env['BENCH_WATCHERS'] ?? 10_000);
const CHANGES = Number(process.env['BENCH_CHANGES'] ?? 100);
/** Changes before those that are measured, on every side alike: until then it is measured how fast V8 compiles. */
const WARM_UP = 20;
const TARGET = 'user-target';

const rowOf = (version: number) => ({
  userId: TARGET,
  status: version % 2 ? ('busy' as const) : ('dnd' as const),
  since: 1_700_000_000_000,
  lastSeenAt: null,
  message: `in meeting number ${version}`,
  version: 1_700_000_000_000 + version,
});

const frameOf = (version: number): string =>
  JSON.stringify({
    type: 'changes',
    presences: [fullRow(rowOf(version))],
    asOf: 1_700_000_000_000 + version,
  });

/** What the change costs this process, until the event loop has nothing of it left to do. */
const servers: Record<string, () => Promise<number>> = {
  presence: () => {
    const { presence, port } = servePresence();
    answers({
      change: async (version: number) => {
        const { status, message } = rowOf(version);
        await presence.claim(TARGET, status, {
          source: 'admin',
          holdsAbsent: true,
          message,
        });
      },
    });
    return port;
  },
  bare: () => {
    const sockets: WebSocket[] = [];
    answers({
      change: (version: number) => {
        const text = frameOf(version);
        for (const socket of sockets) socket.send(text);
      },
    });
    return serveBare((socket) => sockets.push(socket)).port;
  },
  'socket.io': () => {
    const { io, port } = serveSocketIO();
    io.on('connection', (socket) => void socket.join('room'));
    answers({
      change: (version: number) => void io.to('room').emit('changes', JSON.parse(frameOf(version))),
    });
    return port;
  },
};

const state = { seen: 0, bytes: 0, done: (): void => undefined };

const count = (content: Buffer): void => {
  if (!content.includes('in meeting number')) return;
  state.seen += 1;
  state.bytes = content.length;
  if (state.seen === WATCHERS) state.done();
};

const connectAll = (port: number): Promise<void> =>
  each(0, WATCHERS, 100, async (index) => {
    const side = String(given['side']);
    const onSocket = (socket: WebSocket): void => void socket.on('message', count);
    if (side === 'presence') await joinPresence(port, `user-${index}`, { add: [TARGET] }, onSocket);
    else if (side === 'bare') onSocket(await openSocket(`ws://127.0.0.1:${port}`));
    else await joinSocketIO(port, '', onSocket);
  });

const allSeen = (): Promise<number> => {
  state.seen = 0;
  return new Promise((resolve) => {
    state.done = () => resolve(state.bytes);
  });
};

interface Running {
  readonly server: Side;
  readonly client: Side;
  readonly cpu: number[];
  bytes: number;
}

const run = async (side: string): Promise<Running> => {
  const server = start(FILE, side);
  const client = start(FILE, 'client', { side });
  await client.ask('connect', await server.ask<number>('port'));
  return { server, client, cpu: [], bytes: 0 };
};

const change = async (one: Running, version: number): Promise<void> => {
  const seen = one.client.ask<number>('seen');
  await one.client.ask('ready');
  const before = await one.server.ask<number>('cpu');
  await one.server.ask('change', version);
  one.bytes = await seen;
  one.cpu.push((await one.server.ask<number>('cpu')) - before);
};

const compare = async (): Promise<void> => {
  console.log(`fan-out: one change to ${WATCHERS} watchers. ${machine()}`);
  const sides = ['presence', 'bare', 'socket.io'];
  const running: Running[] = [];
  for (const side of sides) running.push(await run(side));
  // In turn, so that whatever else the machine does meets all of them.
  for (let version = 1; version <= CHANGES; version += 1) {
    for (const one of running) await change(one, version);
    if (version === WARM_UP) for (const one of running) one.cpu.length = 0;
    await wait(20);
  }
  const [presence = 0, bare = 0, socketIO = 0] = running.map(({ cpu }) => median(cpu));
  sides.forEach((side, index) => {
    figure(`${side}: CPU of one change`, median(running[index]?.cpu ?? []), 'ms');
    figure(`${side}: bytes of the message`, running[index]?.bytes ?? 0, 'B');
  });
  figure('speed of presence : loop of ws.send', bare / presence, '×', 'promised: at least 0.95');
  figure(
    'speed of presence : room of Socket.IO',
    socketIO / presence,
    '×',
    'promised: at least 1.5',
  );
  for (const { client, server } of running) {
    await client.stop();
    await server.stop();
  }
  process.exit(0);
};

const serve = servers[role];
if (serve) {
  const port = serve();
  answers({ port: () => port, cpu: cpuMs });
} else if (role === 'client') {
  answers({ connect: connectAll, seen: allSeen, ready: () => undefined });
} else await compare();

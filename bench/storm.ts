// Everybody connects at once, and each hears of each: how long until all agree, and what it costs the server. Real
// clients are played in full: a ticket by HTTP, the handshake, hello, one watch. Beside it stands what is written by
// hand with Socket.IO: a map of sockets, and an emit to all for each who comes. A bare `ws` server that is only
// connected to shows what handshakes alone take.
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
import { answers, cpuMs, figure, given, machine, role, start, wait } from './sides.ts';

const FILE = import.meta.filename;
const AT_ONCE = 400;

interface Storm {
  readonly users: number;
  /** How many others each watches by id; 0: everybody. */
  readonly watched: number;
  readonly promisedMs: number;
}

const STORMS: readonly Storm[] = [
  { users: 1000, watched: 0, promisedMs: 1500 },
  { users: 5000, watched: 200, promisedMs: 3000 },
].slice(0, Number(process.env['BENCH_STORMS'] ?? 2));

const servers: Record<string, () => Promise<number>> = {
  presence: () => servePresence().port,
  bare: () => serveBare(() => undefined).port,
  'socket.io': () => {
    const { io, port } = serveSocketIO();
    const online = new Map<string, { userId: string; status: string; since: number }>();
    io.on('connection', (socket) => {
      const { userId } = socket.handshake.auth as { userId: string };
      const presence = { userId, status: 'online', since: 1_700_000_000_000 };
      online.set(userId, presence);
      socket.emit('presences', [...online.values()]);
      io.emit('presence', presence);
      socket.on('disconnect', () => {
        online.delete(userId);
        io.emit('presence', { userId, status: 'offline' });
      });
    });
    return port;
  },
};

const users = Number(given['users']);
const watched = Number(given['watched']);
const side = String(given['side']);
const ONLINE = Buffer.from('"online"');

/** The users that follow in the circle, and never oneself. */
const watchedBy = (index: number): string[] =>
  Array.from({ length: watched }, (_, step) => `user-${(index + 1 + step * 7) % users}`);

/** How many each client has to hear of as online; by hand, the newcomer hears of itself twice. */
const wanted = side === 'presence' && watched > 0 ? watched : users;

const counts = new Uint32Array(Math.max(users, 0) || 0);
const state = { agreeing: 0, retries: 0, done: (): void => undefined };

const listenTo = (index: number) => (socket: WebSocket) => {
  socket.on('message', (content: Buffer) => {
    if (content.includes('"me"')) return;
    const before = counts[index] ?? 0;
    let found = 0;
    for (let at = content.indexOf(ONLINE); at >= 0; at = content.indexOf(ONLINE, at + 8))
      found += 1;
    counts[index] = before + found;
    if (before < wanted && before + found >= wanted) {
      state.agreeing += 1;
      if (state.agreeing === users) state.done();
    }
  });
};

/** A ticket is good for ten seconds; where the machine is too slow for that, a client fetches another. */
const joinAgain = async (attempt: () => Promise<unknown>): Promise<void> => {
  try {
    await attempt();
  } catch {
    state.retries += 1;
    await attempt();
  }
};

const join = async (port: number, index: number): Promise<void> => {
  if (side === 'bare') await openSocket(`ws://127.0.0.1:${port}`);
  else if (side === 'socket.io') await joinSocketIO(port, `user-${index}`, listenTo(index));
  else {
    const watch = watched === 0 ? ({ tenant: true } as const) : { add: watchedBy(index) };
    await joinAgain(() => joinPresence(port, `user-${index}`, watch, listenTo(index)));
  }
};

/** Resolves with the time until every client is connected and knows of everybody that it watches. */
const storm = async (port: number): Promise<{ connectedMs: number; agreedMs: number }> => {
  const agreed = new Promise<void>((resolve) => {
    state.done = resolve;
  });
  const startedAt = performance.now();
  await each(0, users, AT_ONCE, (index) => join(port, index));
  const connectedMs = performance.now() - startedAt;
  if (side !== 'bare') await agreed;
  return { connectedMs, agreedMs: performance.now() - startedAt };
};

interface Outcome {
  readonly connectedMs: number;
  readonly agreedMs: number;
  readonly cpu: number;
  readonly clientCpu: number;
}

const run = async (name: string, { users, watched }: Storm): Promise<Outcome> => {
  const server = start(FILE, name);
  const client = start(FILE, 'client', { side: name, users, watched });
  const port = await server.ask<number>('port');
  await wait(300);
  const before = await server.ask<number>('cpu');
  const clientBefore = await client.ask<number>('cpu');
  const times = await client.ask<{ connectedMs: number; agreedMs: number }>('storm', port);
  const cpu = (await server.ask<number>('cpu')) - before;
  const clientCpu = (await client.ask<number>('cpu')) - clientBefore;
  await client.stop();
  await server.stop();
  return { ...times, cpu, clientCpu };
};

const compare = async (): Promise<void> => {
  console.log(`storm: everybody connects at once, and each hears of each. ${machine()}`);
  for (const one of STORMS) {
    const name = `${one.users} users, each watching ${one.watched || 'all'}`;
    const bare = await run('bare', one);
    figure(`${name}: bare ws, connected`, bare.connectedMs, 'ms', '(handshakes alone)');
    figure(`${name}: bare ws, server CPU`, bare.cpu, 'ms');
    const presence = await run('presence', one);
    figure(`${name}: presence, connected`, presence.connectedMs, 'ms');
    figure(
      `${name}: presence, agreed`,
      presence.agreedMs,
      'ms',
      `promised: at most ${one.promisedMs}`,
    );
    figure(`${name}: presence, server CPU`, presence.cpu, 'ms');
    figure(
      `${name}: presence, CPU of the process that plays the clients`,
      presence.clientCpu,
      'ms',
    );
    const byHand = await run('socket.io', one);
    figure(`${name}: Socket.IO by hand, agreed`, byHand.agreedMs, 'ms');
    figure(`${name}: Socket.IO by hand, server CPU`, byHand.cpu, 'ms');
    figure(
      `${name}: server CPU, Socket.IO : presence`,
      byHand.cpu / presence.cpu,
      '×',
      'promised: at least 100',
    );
  }
  process.exit(0);
};

const serve = servers[role];
if (serve) {
  const port = serve();
  answers({ port: () => port, cpu: cpuMs });
} else if (role === 'client') answers({ storm, cpu: cpuMs });
else await compare();

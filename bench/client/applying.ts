// What a change costs a client: in the client alone, and as CPU of a process that has it from a socket.
import { createServer } from 'node:http';
import { createPresenceClient, type PresenceClientOptions } from '@presence/client';
import { io } from 'socket.io-client';
import { WebSocket, WebSocketServer } from 'ws';
import { listen, serveSocketIO } from '../joining.ts';
import { answers, cpuMs, figure, given, median, start } from '../sides.ts';
import { answersTo, BATCH, changeOf, frameOf, ticketFetch } from './frames.ts';

const CHANGES = 50_000;
const ROUNDS = 7;

const connected = async (options: Partial<PresenceClientOptions>, url: string) => {
  const client = createPresenceClient({ url, activity: null, fetch: ticketFetch, ...options });
  client.watchOnline();
  client.start();
  await new Promise<void>((resolve) => {
    const cancel = client.subscribe(() => {
      if (!client.getOnline().synced) return;
      cancel();
      resolve();
    });
  });
  return client;
};

/** The client alone: from the text of a frame until everything that it shows is known. */
export const applyAlone = async (): Promise<void> => {
  let tell: (text: string) => void = () => undefined;
  const client = await connected(
    {
      testing: {
        transport: {
          connect(_url, events) {
            tell = events.message;
            queueMicrotask(events.open);
            const send = (text: string): void =>
              queueMicrotask(() => answersTo(text).forEach((each) => events.message(each)));
            return { send, close: () => undefined };
          },
        },
      },
    },
    'http://bench.test/presence',
  );
  const took: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const frames = Array.from({ length: CHANGES / BATCH }, (_, index) =>
      frameOf(round * CHANGES + index * BATCH),
    );
    const startedAt = performance.now();
    for (const text of frames) tell(text);
    took.push((performance.now() - startedAt) * 1000);
    const { userId, status } = changeOf((round + 1) * CHANGES - 1);
    const shown = client.getOnline().users.find((user) => user.userId === userId);
    if (shown?.status !== status) throw new Error(`${userId} is ${shown?.status}, not ${status}.`);
  }
  const perChange = median(took.slice(2)) / CHANGES;
  figure('a compact row in a frame of 100, in the client', perChange, 'µs', 'at most 1');
  client.stop();
};

/** Sends `CHANGES` changes each time that it is asked to. */
export const servers: Record<string, () => Promise<number>> = {
  presence: () => {
    const server = createServer();
    const sockets = new WebSocketServer({ server, perMessageDeflate: false });
    let held: WebSocket | undefined;
    sockets.on('connection', (socket) => {
      held = socket;
      socket.on('message', (text: Buffer) =>
        answersTo(text.toString()).forEach((each) => socket.send(each)),
      );
    });
    answers({
      send(first: number) {
        for (let sent = 0; sent < CHANGES; sent += BATCH) held?.send(frameOf(first + sent));
      },
    });
    return listen(server);
  },
  'socket.io': () => {
    const { io: server, port } = serveSocketIO();
    answers({
      send(first: number) {
        for (let sent = 0; sent < CHANGES; sent += 1) {
          server.emit('user-status-change', changeOf(first + sent));
        }
      },
    });
    return port;
  },
};

/** Knows who is what; says what that has cost once the last change is there. */
export const clients: Record<string, () => Promise<(number: number) => boolean>> = {
  async presence() {
    Object.assign(globalThis, { WebSocket });
    const client = await connected({}, `http://127.0.0.1:${given['port']}/presence`);
    // Each frame is told once. To ask for the list would be to sort it.
    let frames = 0;
    client.subscribe(() => (frames += 1));
    return (number) => frames >= (number + 1) / BATCH;
  },
  async 'socket.io'() {
    const socket = io(`http://127.0.0.1:${given['port']}`, { transports: ['websocket'] });
    const users = new Map<string, { readonly status: string; readonly version: number }>();
    socket.on('user-status-change', ({ userId, status, version }: ReturnType<typeof changeOf>) => {
      if ((users.get(userId)?.version ?? 0) < version) users.set(userId, { status, version });
    });
    await new Promise<void>((resolve) => void socket.on('connect', resolve));
    return (number) => users.get(changeOf(number).userId)?.version === changeOf(number).version;
  },
};

export const serveClient = (make: () => Promise<(number: number) => boolean>): void => {
  const made = make();
  let before = 0;
  answers({
    ready: async () => {
      await made;
      before = cpuMs();
    },
    cost: async (number: number) => {
      const has = await made;
      while (!has(number)) await new Promise((resolve) => setTimeout(resolve, 20));
      return cpuMs() - before;
    },
  });
};

/** CPU of a client's process for each change that it has from a socket, both sides by turns. */
export const compareOverSockets = async (file: string): Promise<void> => {
  const sides = await Promise.all(
    Object.keys(servers).map(async (name) => {
      const server = start(file, `serve ${name}`);
      const port = await server.ask<number>('port');
      return { name, server, client: start(file, `join ${name}`, { port }), cpu: [] as number[] };
    }),
  );
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const { server, client, cpu } of sides) {
      await client.ask('ready');
      await server.ask('send', round * CHANGES);
      cpu.push(await client.ask<number>('cost', (round + 1) * CHANGES - 1));
    }
  }
  const [own = 0, other = 0] = sides.map(({ cpu }) => (median(cpu.slice(2)) / CHANGES) * 1000);
  figure('a change over a socket, CPU of the client: presence, frames of 100', own, 'µs');
  figure('the same as one Socket.IO event each', other, 'µs');
  figure('Socket.IO : presence', other / own, '×', 'at least 5');
  for (const { server, client } of sides) {
    await client.stop();
    await server.stop();
  }
};
